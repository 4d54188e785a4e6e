"""A handler of a signal may raise between any two steps of a call; whatever it interrupts, no span stays current."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import context

from tachograph.instrument import operation
from tachograph.instrument.operation import begin
from tachograph.instrument.stainless import calls
from tachograph.runtime import recorder
from tachograph.runtime.recording import PlainAttributes

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from tests.conftest import Recording


class Interrupt(BaseException):
    """What the handler raises."""


class Interrupter:
    """Raises before one of the steps of some functions, as a handler of a signal does.

    Parameters
    ----------
    watched
        Their code.
    at
        Before which step, from 0.
    """

    def __init__(self, watched: frozenset[CodeType], at: int) -> None:
        self._watched = watched
        self._left = at
        self.raised = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code not in self._watched:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and not self.raised:
            if self._left == 0:
                self.raised = True
                raise Interrupt
            self._left -= 1
        return self


def interrupted_everywhere(watched: frozenset[CodeType], do: Callable[[], object]) -> int:
    """Run something, interrupted before its first step, then before its second, and so on; how many there were."""
    for at in range(10_000):
        interrupter = Interrupter(watched, at)
        before = sys.gettrace()
        sys.settrace(interrupter)
        try:
            do()
        except Interrupt:
            pass
        finally:
            sys.settrace(before)
        assert dict(context.get_current()) == {}, f"interrupted before step {at}"
        if not interrupter.raised:
            return at
    raise AssertionError("it never came to an end")


@pytest.mark.usefixtures("recording")
def test_no_span_stays_current_when_a_call_is_interrupted() -> None:
    requests = calls.CallPatches("tachograph.test", lambda _url, _method: None, lambda _client: {})
    call: Any = None

    class Opened:
        """What reads the answer of a call."""

        def __init__(self) -> None:
            from opentelemetry import trace

            opened = begin(trace.get_tracer("test"), "test", "chat", PlainAttributes())
            assert opened is not None
            self.operation = opened

        def fail(self, error: BaseException) -> None:
            """End with an error."""
            self.operation.end(error=error)

        def settle(self, result: object) -> None:
            """End with an answer."""
            self.operation.end()

    def opened(*words: object) -> Any:
        nonlocal call
        call = Opened()
        return call

    requests._open = opened  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    entry: Any = type("Entry", (), {"on": True})()

    def answer(client: object) -> str:
        return "answer"

    wrapped = requests.request(answer, entry)
    watched = frozenset({wrapped.__code__, operation.Operation.attach.__code__, operation.Operation.detach.__code__})
    assert recorder() is not None
    assert interrupted_everywhere(watched, lambda: wrapped(object())) > 60


def test_a_call_that_is_not_interrupted_is_current_while_it_is_made(recording: Recording) -> None:
    from opentelemetry import trace

    opened = begin(recording.provider.get_tracer("test"), "test", "chat", PlainAttributes())
    assert opened is not None
    opened.attach()
    assert trace.get_current_span() is opened.span
    opened.detach()
    opened.detach()
    assert dict(context.get_current()) == {}
