"""Put in and taken out, alone and beneath another tool's wrapper."""

from __future__ import annotations

import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import wrapt
from opentelemetry import context, trace

import tachograph_executors
from tachograph.instrument.patch import unpatch
from tachograph_executors.entry import ExecutorsInstrumentor

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@pytest.fixture(autouse=True)
def out() -> Iterator[None]:
    """Nothing is instrumented before and after."""
    tachograph_executors.uninstrument()
    yield
    tachograph_executors.uninstrument()


@contextmanager
def span(number: int) -> Generator[None]:
    """A current span of a known id."""
    made = trace.SpanContext(1, number, is_remote=False)
    token = context.attach(trace.set_span_in_context(trace.NonRecordingSpan(made)))
    try:
        yield
    finally:
        context.detach(token)


def current() -> int:
    """The id of the current span, 0 for none."""
    return trace.get_current_span().get_span_context().span_id


def in_thread(kind: Any = threading.Thread) -> list[int]:
    """What is current in a thread started here."""
    seen: list[int] = []
    thread = kind(target=lambda: seen.append(current()))
    thread.start()
    thread.join()
    return seen


def test_there_and_back() -> None:
    before = dict(vars(threading.Thread))
    with span(7):
        assert in_thread() == [0]
        tachograph_executors.instrument()
        tachograph_executors.instrument()
        assert in_thread() == [7]
        tachograph_executors.uninstrument()
        assert in_thread() == [0]
    assert dict(vars(threading.Thread)) == before


def test_what_is_patched_looks_as_before() -> None:
    before = (inspect.signature(threading.Thread.start), threading.Thread.start.__doc__)
    tachograph_executors.instrument()
    assert (inspect.signature(threading.Thread.start), threading.Thread.start.__doc__) == before


def test_as_an_instrumentor_of_opentelemetry() -> None:
    instrumentor = ExecutorsInstrumentor()
    instrumentor.instrument()
    with span(7):
        assert in_thread() == [7]
        instrumentor.uninstrument()
        assert in_thread() == [0]


def test_beneath_another_tool_s_wrapper() -> None:
    class Thread(threading.Thread):
        """Inherits what is wrapped."""

    calls: list[str] = []

    def theirs(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        calls.append("start")
        return wrapped(*args, **kwargs)

    original = threading.Thread.start
    tachograph_executors.instrument()
    ours = threading.Thread.start
    wrapt.wrap_function_wrapper(threading.Thread, "start", theirs)
    try:
        with span(7):
            assert in_thread(Thread) == [7]
            tachograph_executors.uninstrument()
            assert in_thread(Thread) == [0]
            tachograph_executors.instrument()
            assert in_thread(Thread) == [7]
    finally:
        threading.Thread.start = ours
        unpatch(threading.Thread, "start")
    assert calls == ["start", "start", "start"]
    assert threading.Thread.start is original


def test_taken_out_while_work_is_under_way() -> None:
    go = threading.Event()
    tachograph_executors.instrument()
    with ThreadPoolExecutor(1) as pool, span(7):
        first = pool.submit(lambda: (go.wait(30), current())[1])
        second = pool.submit(current)
        while not first.running():
            go.wait(0.001)
        tachograph_executors.uninstrument()
        go.set()
        # The thread itself was started with a context.
        assert (first.result(), second.result(), pool.submit(current).result()) == (7, 7, 7)
    assert current() == 0


def test_contexts_are_left_again(caplog: pytest.LogCaptureFixture) -> None:
    tachograph_executors.instrument()
    baggage = context.set_value("key", "value")
    with ThreadPoolExecutor(1) as pool:
        token = context.attach(baggage)
        assert pool.submit(context.get_value, "key").result() == "value"
        context.detach(token)
        with span(7):
            # What the work leaves attached ends with it.
            assert pool.submit(context.attach, baggage).result() is not None
        assert (pool.submit(context.get_value, "key").result(), pool.submit(current).result()) == (None, 0)
    assert caplog.records == []
