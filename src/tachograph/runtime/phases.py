"""Phases and iterations: named stretches of a run, as context managers and decorators, sync and async."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from tachograph.runtime.recording import recorder
from tachograph.semconv import general as g
from tachograph.semconv import tachograph as t

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token
    from types import TracebackType

    from opentelemetry.trace import Span

_F = TypeVar("_F", bound="Callable[..., Any]")


class _Stretch:
    """An open or not yet opened stretch. One object can be used again and again, also inside itself."""

    __slots__ = ("_attributes", "_name", "_open")

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        self._name = name
        self._attributes = attributes
        self._open: list[tuple[Span, Token[Any]] | None] = []

    def __enter__(self) -> Self:
        if recorder() is None:
            self._open.append(None)
            return self
        try:
            self._open.append(_begin(self._name, self._attributes))
        except Exception:
            # Recording never gets in the way of the program's own block.
            self._open.append(None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = self._open.pop()
        if opened is not None:
            _end(*opened, error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def _again(self) -> _Stretch:
        return _Stretch(self._name, self._attributes)

    def __call__(self, function: _F) -> _F:
        """Run each call of a function (sync, async or generator) in a stretch of its own."""
        again = self._again
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                with again():
                    return await function(*args, **kwargs)

            return cast("_F", wrapped_async)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with again():
                return function(*args, **kwargs)

        return cast("_F", wrapped)


class phase(_Stretch):  # noqa: N801 - used like a function
    """A named stretch of work.

    ::

        with tachograph.phase("validation"):
            run_tests()

        @tachograph.phase("ai_execution")
        async def think(): ...

    Phases nest; each ends when its block is left, however it is left. Where nothing records, nothing happens.

    Parameters
    ----------
    name
        One of the standard names (context_loading, ai_execution, scope_checking, validation, git_operations, other) or a
        name of your own.
    """

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, {t.PHASE: name})


class iteration(_Stretch):  # noqa: N801 - used like a function
    """One turn of a loop; tokens, cost and time are summed for each.

    Parameters
    ----------
    number
        The number of the turn, counted as you count.
    """

    __slots__ = ()

    def __init__(self, number: int) -> None:
        super().__init__(f"iteration {number}", {t.ITERATION: number})


def _begin(name: str, attributes: dict[str, Any]) -> tuple[Span, Token[Any]]:
    from opentelemetry import context, trace

    span = trace.get_tracer(t.SCOPE_PREFIX).start_span(name, attributes=attributes)
    return span, context.attach(trace.set_span_in_context(span))


def _end(span: Span, token: Token[Any], error: BaseException | None) -> None:
    from opentelemetry import context
    from opentelemetry.trace import Status, StatusCode

    try:
        context.detach(token)
        if error is not None and not isinstance(error, GeneratorExit):
            kind = type(error)
            span.set_attribute(g.ERROR_TYPE, f"{kind.__module__}.{kind.__qualname__}")
            span.set_status(Status(StatusCode.ERROR, str(error)))
    except Exception:  # noqa: S110 - an exception that cannot be printed still ends the phase
        pass
    finally:
        span.end()
