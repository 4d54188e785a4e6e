"""An open phase or iteration, and functions that run in one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from tachograph.runtime.exceptions import describe
from tachograph.runtime.recording import goes_to_foreign_provider, recorder
from tachograph.semconv import general as g
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from contextvars import Token

_F = TypeVar("_F", bound="Callable[..., Any]")


class PhaseSpan:
    """The span of an open phase or iteration, current until it is left.

    Parameters
    ----------
    name
        The span's name.
    attributes
        The span's attributes.
    """

    __slots__ = ("_span", "_to", "_token")

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        from opentelemetry import trace

        tracer = trace.get_tracer(tacho.SCOPE_PREFIX)
        self._to = recorder() if goes_to_foreign_provider(tracer) else None
        if self._to is not None:
            sealed = self._to.sealed({"name": name, "attributes": attributes})
            name, attributes = sealed["name"], sealed["attributes"]
        self._span = tracer.start_span(name, attributes=attributes)
        self._token: Token[Any] | None = None
        self.enter()

    def is_current(self) -> bool:
        """Whether the caller's code runs directly in this phase or iteration."""
        from opentelemetry import trace

        return trace.get_current_span() is self._span

    def enter(self) -> None:
        """Make the span current."""
        from opentelemetry import context, trace

        self._token = context.attach(trace.set_span_in_context(self._span))

    def leave(self) -> None:
        """Make the span current no more; does nothing if it is not, as in a generator that another task closes."""
        from opentelemetry import context

        token, self._token = self._token, None
        if token is not None and self.is_current():
            context.detach(token)

    def end(self, error: BaseException | None) -> None:
        """End the span, with the error that left the phase or iteration, if one did."""
        from opentelemetry.trace import Status, StatusCode

        try:
            if error is not None and not isinstance(error, GeneratorExit):
                described = describe(error)
                kind, message = described.error_type, described.message
                if self._to is not None:
                    sealed = self._to.sealed({"kind": kind, "message": message})
                    kind, message = sealed["kind"], sealed["message"]
                self._span.set_attribute(g.ERROR_TYPE, kind)
                self._span.set_status(Status(StatusCode.ERROR, message))
        except Exception:  # noqa: S110 - what cannot be sealed still ends the span
            pass
        finally:
            self._span.end()


def decorate(function: _F, begin: Callable[[], PhaseSpan | None]) -> _F:
    """A function of the same kind, each call of which is a phase or iteration.

    Parameters
    ----------
    function
        A function, coroutine function, generator function or asynchronous generator function.
    begin
        Opens the span; None if nothing records.
    """
    import inspect

    # The wrapper is a function of the same kind because frameworks ask for it (`inspect.isasyncgenfunction`, …).
    if inspect.isasyncgenfunction(function):
        wrap = _of_async_generator
    elif inspect.isgeneratorfunction(function):
        wrap = _of_generator
    elif inspect.iscoroutinefunction(function):
        wrap = _of_coroutine
    else:
        wrap = _of_function
    return cast("_F", functools.wraps(function)(wrap(function, begin)))


_Begin: TypeAlias = "Callable[[], PhaseSpan | None]"


class _Whole:
    """One call of a decorated function."""

    __slots__ = ("_opened",)

    def __init__(self, begin: _Begin) -> None:
        self._opened = begin()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        opened = self._opened
        if opened is not None:
            opened.leave()
            opened.end(error)


def _of_function(function: Callable[..., Any], begin: _Begin) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with _Whole(begin):
            return function(*args, **kwargs)

    return wrapper


def _of_coroutine(function: Callable[..., Any], begin: _Begin) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with _Whole(begin):
            return await function(*args, **kwargs)

    return wrapper


# A generator gives control back at each `yield`: the span lasts from its first step to its last, and is current only
# during its steps, so that what the consumer does in between does not count as a part of it.


def _of_generator(function: Callable[..., Any], begin: _Begin) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator: Generator[Any, Any, Any] = function(*args, **kwargs)
        opened = begin()
        if opened is None:
            return (yield from generator)
        error: BaseException | None = None
        step: Callable[[Any], Any] = generator.send
        value: Any = None
        try:
            while True:
                try:
                    item = step(value)
                except StopIteration as stop:
                    return stop.value
                finally:
                    opened.leave()
                try:
                    value, step = (yield item), generator.send
                except GeneratorExit:
                    generator.close()
                    raise
                except BaseException as thrown:
                    # Handed on into the generator, as `yield from` does.
                    value, step = thrown, generator.throw
                opened.enter()
        except BaseException as raised:
            error = raised
            raise
        finally:
            opened.end(error)

    return wrapper


def _of_async_generator(function: Callable[..., Any], begin: _Begin) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        opened = begin()
        error: BaseException | None = None
        step, value = generator.asend, None
        try:
            while True:
                try:
                    item = await step(value)
                except StopAsyncIteration:
                    return
                finally:
                    if opened is not None:
                        opened.leave()
                try:
                    value, step = (yield item), generator.asend
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as thrown:
                    value, step = thrown, generator.athrow
                if opened is not None:
                    opened.enter()
        except BaseException as raised:
            error = raised
            raise
        finally:
            if opened is not None:
                opened.end(error)

    return wrapper
