"""Phases and iterations: spans of their own, ended on any exit, nothing where nothing records."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

import tachograph

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from tests.conftest import Recording


def told(recording: Recording) -> list[tuple[str, str | None, dict[str, Any], str]]:
    """Name, parent's name, attributes and status of each span, in the order they ended."""
    spans = recording.spans()
    names = {span["span_id"]: span["name"] for span in spans}
    return [(s["name"], names.get(s["parent_id"] or ""), s.get("attributes", {}), s["status"]) for s in spans]


def phase_of(name: str) -> dict[str, str]:
    return {"tachograph.phase.name": name}


def test_phases_nest(recording: Recording) -> None:
    with tachograph.phase("ai_execution"), tachograph.iteration(3), tachograph.phase("validation"):
        pass
    assert told(recording) == [
        ("validation", "iteration 3", phase_of("validation"), "unset"),
        ("iteration 3", "ai_execution", {"tachograph.iteration.number": 3}, "unset"),
        ("ai_execution", None, phase_of("ai_execution"), "unset"),
    ]


def test_an_error_ends_the_phase_and_goes_on(recording: Recording) -> None:
    error = ValueError("no such file")
    with pytest.raises(ValueError, match="no such file") as caught, tachograph.phase("other"):
        raise error
    assert caught.value is error
    assert told(recording) == [
        ("other", None, {**phase_of("other"), "error.type": "builtins.ValueError"}, "error"),
    ]
    assert recording.spans()[0]["description"] == "no such file"


def test_an_error_that_cannot_be_printed_ends_the_phase(recording: Recording) -> None:
    class BadError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    with pytest.raises(BadError), tachograph.phase("other"):
        raise BadError
    assert [(name, status) for name, *_, status in told(recording)] == [("other", "error")]


def test_a_function_is_a_phase_at_each_call(recording: Recording) -> None:
    @tachograph.phase("validation")
    def check(depth: int, *, label: str) -> str:
        """Check."""
        return label if depth == 0 else check(depth - 1, label=label)

    assert check(1, label="x") == "x"
    assert check.__doc__ == "Check."
    assert list(inspect.signature(check).parameters) == ["depth", "label"]
    assert told(recording) == [
        ("validation", "validation", phase_of("validation"), "unset"),
        ("validation", None, phase_of("validation"), "unset"),
    ]


async def test_coroutines_and_async_blocks_are_phases(recording: Recording) -> None:
    @tachograph.phase("ai_execution")
    async def think(n: int) -> int:
        async with tachograph.iteration(n):
            await asyncio.sleep(0)
        return n

    assert inspect.iscoroutinefunction(think)
    assert await asyncio.gather(think(1), think(2)) == [1, 2]
    assert sorted(told(recording), key=lambda row: row[0]) == [
        ("ai_execution", None, phase_of("ai_execution"), "unset"),
        ("ai_execution", None, phase_of("ai_execution"), "unset"),
        ("iteration 1", "ai_execution", {"tachograph.iteration.number": 1}, "unset"),
        ("iteration 2", "ai_execution", {"tachograph.iteration.number": 2}, "unset"),
    ]


def test_a_cancelled_task_ends_its_phase(recording: Recording) -> None:
    async def main() -> None:
        async def wait() -> None:
            async with tachograph.phase("other"):
                await asyncio.sleep(60)

        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert [row[0::3] for row in told(recording)] == [("other", "error")]


def test_a_generator_is_a_phase_from_first_step_to_last_and_current_only_in_its_steps(recording: Recording) -> None:
    @tachograph.phase("ai_execution")
    def steps() -> Generator[int, str, str]:
        with tachograph.phase("inner"):
            pass
        got = yield 1
        try:
            yield 2
        except KeyError:
            got += "!"
        return got

    assert inspect.isgeneratorfunction(steps)
    generator = steps()
    assert recording.records() == []
    assert next(generator) == 1
    with tachograph.phase("between"):
        pass
    assert generator.send("a") == 2
    with pytest.raises(StopIteration) as stop:
        generator.throw(KeyError())
    assert stop.value.value == "a!"
    assert [row[:2] for row in told(recording)] == [
        ("inner", "ai_execution"),
        ("between", None),
        ("ai_execution", None),
    ]


def test_a_generator_left_alone_ends_its_phase(recording: Recording) -> None:
    closed: list[bool] = []

    @tachograph.phase("other")
    def steps() -> Generator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    for _ in steps():
        break
    assert closed == [True]
    assert told(recording) == [("other", None, phase_of("other"), "unset")]


async def test_an_asynchronous_generator_is_a_phase(recording: Recording) -> None:
    @tachograph.phase("other")
    async def steps() -> AsyncGenerator[int]:
        with tachograph.phase("inner"):
            await asyncio.sleep(0)
        yield 1
        yield 2

    assert inspect.isasyncgenfunction(steps)
    got: list[int] = []
    async for step in steps():
        got.append(step)
        with tachograph.phase("between"):
            pass
    unfinished = steps()
    assert await anext(unfinished) == 1
    await unfinished.aclose()
    assert got == [1, 2]
    assert [row[:2] for row in told(recording)] == [
        ("inner", "other"),
        ("between", None),
        ("between", None),
        ("other", None),
        ("inner", "other"),
        ("other", None),
    ]


def test_one_object_serves_many_threads(recording: Recording) -> None:
    shared = tachograph.phase("shared")
    inside = threading.Barrier(4)
    leave = [threading.Event() for _ in range(4)]

    def work(n: int) -> None:
        with tachograph.iteration(n), shared:
            inside.wait()
            leave[n].wait()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for n in range(4):
        leave[n].set()
        threads[n].join()
    assert [row[:2] for row in told(recording)] == [
        row for n in range(4) for row in (("shared", f"iteration {n}"), (f"iteration {n}", None))
    ]


def test_where_nothing_records_nothing_happens_and_nothing_is_imported() -> None:
    script = (
        "import sys, tachograph\n"
        "with tachograph.phase('other'), tachograph.iteration(1):\n"
        "    tachograph.event('decision', why='x'); tachograph.describe(task='t'); tachograph.outcome('completed')\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry', 'orjson', 'hyperscan', 'asyncio'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
