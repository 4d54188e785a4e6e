"""Watches a stream the client returns without standing in its place: the object and its type stay the client's."""

from __future__ import annotations

import contextlib
import weakref
from typing import TYPE_CHECKING, Any

from tachograph_anthropic.accumulator import Accumulator

if TYPE_CHECKING:
    from collections.abc import Callable

    from tachograph_anthropic.call import Call


class _Watched:
    """The iterator within a stream, with the call it belongs to."""

    __slots__ = ("__weakref__", "_advance", "_call", "_inner", "_take")

    def __init__(self, inner: Any, advance: Any, call: Call, accumulator: Accumulator) -> None:
        self._inner = inner
        self._advance = advance
        self._call = call
        # Bound methods, for this is done for every event there is.
        self._take: Callable[[Any], None] = self._first
        call.accumulator = accumulator

    def _first(self, item: Any) -> None:
        self._call.first_event()
        accumulator = self._call.accumulator
        if accumulator is not None:
            self._take = accumulator.add
            accumulator.add(item)

    def closed(self) -> None:
        """The response was closed: by the program, unless the client did it at the end of what we are reading."""
        inner = self._inner
        if not (getattr(inner, "gi_running", False) or getattr(inner, "ag_running", False)):
            self._call.stream_ended()

    def __getattr__(self, name: str) -> Any:
        # `close`, `aclose`, `send`, … of the generator this stands for.
        return getattr(self._inner, name)

    def __del__(self) -> None:
        # The interpreter may be going down.
        with contextlib.suppress(Exception):
            self._call.stream_ended()


class WatchedIterator(_Watched):
    """A synchronous one."""

    __slots__ = ()

    def __iter__(self) -> WatchedIterator:
        return self

    def __next__(self) -> Any:
        try:
            item = self._advance()
        except StopIteration:
            self._call.stream_ended(read_to_end=True)
            raise
        except BaseException as error:
            self._call.stream_ended(error)
            raise
        self._take(item)
        return item


class WatchedAsyncIterator(_Watched):
    """An asynchronous one."""

    __slots__ = ()

    def __aiter__(self) -> WatchedAsyncIterator:
        return self

    async def __anext__(self) -> Any:
        try:
            item = await self._advance()
        except StopAsyncIteration:
            self._call.stream_ended(read_to_end=True)
            raise
        except BaseException as error:
            self._call.stream_ended(error)
            raise
        self._take(item)
        return item


def watch(stream: Any, call: Call) -> None:
    """Have a call end with its stream.

    Parameters
    ----------
    stream
        A `Stream`, an `AsyncStream` or, of releases that make them from the answer itself, a `MessageStream`.
    call
        The call.
    """
    inner = stream._iterator
    watched: WatchedIterator | WatchedAsyncIterator
    if hasattr(inner, "__next__"):
        watched = WatchedIterator(inner, inner.__next__, call, Accumulator())
    else:
        watched = WatchedAsyncIterator(inner, inner.__anext__, call, Accumulator())
    stream._iterator = watched
    on_close(stream.response, watched)


def on_close(response: Any, listener: Any) -> None:
    """Tell a listener, once, before a response is closed.

    Every way to end a stream early leads there: the stream's own `close`, its context manager's end, the helper's. What
    is put on the response keeps neither of the two alive, so that dropping a stream still closes it, and it is taken
    away again when it has done its work.

    Parameters
    ----------
    response
        The response of the HTTP library.
    listener
        What has a method `closed`; it is not kept alive.
    """
    here = weakref.ref(response)
    heard = weakref.ref(listener)

    def tell() -> Any:
        found = here()
        if found is not None:
            found.__dict__.pop("close", None)
            found.__dict__.pop("aclose", None)
        listening = heard()
        if listening is not None:
            listening.closed()
        return found

    def close() -> None:
        found = tell()
        if found is not None:
            found.close()

    async def aclose() -> None:
        found = tell()
        if found is not None:
            await found.aclose()

    response.close = close
    response.aclose = aclose
