"""Phases and iterations: named parts of a run, as context managers and decorators, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from tachograph.runtime.phase_decorator import decorate
from tachograph.runtime.phase_span import PhaseSpan
from tachograph.runtime.recording import recorder
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_F = TypeVar("_F", bound="Callable[..., Any]")


class _PhaseOrIteration:
    """A phase or iteration, open several times, once or not: one object can be used again, also by several threads."""

    __slots__ = ("_attributes", "_name", "_open")

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        self._name = name
        self._attributes = attributes
        self._open: list[PhaseSpan | None] = []

    def __enter__(self) -> Self:
        self._open.append(self._begin())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = self._take()
        if opened is not None:
            opened.leave()
            opened.end(error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, function: _F) -> _F:
        """Run each call of a function (sync, async, generator or async generator) as a phase or iteration."""
        return decorate(function, self._begin)

    def _begin(self) -> PhaseSpan | None:
        if recorder() is None:
            return None
        try:
            return PhaseSpan(self._name, self._attributes)
        except Exception:
            # Recording never gets in the way of the program.
            return None

    def _take(self) -> PhaseSpan | None:
        spans = self._open
        for index in range(len(spans) - 1, -1, -1):
            opened = spans[index]
            if opened is not None and opened.is_current():
                return spans.pop(index)
        return spans.pop()


class phase(_PhaseOrIteration):  # noqa: N801 - used like a function
    """A named part of the work.

    ::

        with tachograph.phase("validation"):
            run_tests()

        @tachograph.phase("ai_execution")
        async def think(): ...

    Phases nest; each ends when its block is left, however it is left. Outside of a recording, nothing happens.

    Parameters
    ----------
    name
        One of the standard names (context_loading, ai_execution, scope_checking, validation, git_operations, other) or
        a name of your own.
    """

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, {tacho.PHASE: name})


class iteration(_PhaseOrIteration):  # noqa: N801 - used like a function
    """One turn of a loop; tokens, cost and time are summed for each.

    Parameters
    ----------
    number
        The number of the turn, counted as you count.
    """

    __slots__ = ()

    def __init__(self, number: int) -> None:
        super().__init__(f"iteration {number}", {tacho.ITERATION: number})
