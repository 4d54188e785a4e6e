"""Functions that run in a phase or iteration: plain, coroutines, generators, asynchronous generators."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from tachograph.runtime.phase_span import PhaseSpan

_F = TypeVar("_F", bound="Callable[..., Any]")


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
