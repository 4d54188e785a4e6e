"""Follows a streamed answer to its end, whichever way it ends, without being in its way.

The chunks pass through a small iterator that replaces that of the stream; the stream itself, its type and its laziness
stay what they were. The span is never current here: a token cannot be given back in another context.
"""

from __future__ import annotations

import atexit
import logging
import weakref
from asyncio import CancelledError
from time import perf_counter_ns, time_ns
from typing import TYPE_CHECKING, Any, Protocol

from tachograph.instrument.tracebacks import drop_frame
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from tachograph.instrument.operation import Operation
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

DONE = {"tachograph.done": True}
"""Represents the mark after the last event, in streams that have one."""


class Accumulator(Protocol):
    """Gathers an answer from its chunks."""

    @property
    def complete(self) -> bool:
        """Whether the chunk that says the answer is complete was seen."""
        ...

    def add(self, chunk: Any, /) -> object:
        """Process one chunk. If it raises, the chunk is ignored. Returns a true value for the last chunk."""
        ...

    def attributes(self, to: Recorder, /) -> Mapping[str, Any]:
        """The attributes of the answer when no more chunks will come; keeps its content."""
        ...


class Watch:
    """One streamed answer that has not ended yet.

    It must not refer to the stream or the response: their going away is how an abandoned one is noticed.

    Parameters
    ----------
    operation
        The call, whose span ends with the stream.
    accumulator
        What sees the chunks.

    Attributes
    ----------
    add
        Shows the accumulator a chunk.
    idle
        Whether the program has the turn: the stream waits for its next chunk to be asked for.
    chunks
        Number of chunks seen.
    first, last
        When the first and the last of them came, in ns of `perf_counter_ns`; 0 before that.
    """

    __slots__ = (
        "__weakref__",
        "_accumulator",
        "_begun",
        "_ended",
        "_operation",
        "add",
        "chunks",
        "first",
        "idle",
        "last",
    )

    def __init__(self, operation: Operation, accumulator: Accumulator, begun_ns: int) -> None:
        self._operation = operation
        self._accumulator = accumulator
        self._begun = begun_ns
        self._ended = False
        self.add: Callable[[Any], object] = accumulator.add
        self.idle = True
        self.chunks = 0
        self.first = 0
        self.last = 0
        _remember(self)

    def see(self, chunk: object) -> None:
        """Take note of a chunk; the program has the turn after it. Does not raise."""
        self.last = perf_counter_ns()
        if not self.chunks:
            self.first = self.last
        self.chunks += 1
        try:
            if self.add(chunk):
                self.complete()
        except Exception:
            _logger.debug("tachograph: a chunk was not understood", exc_info=True)
        self.idle = True

    def complete(self) -> None:
        """The stream was read to its end."""
        self._finish(tacho.STREAM_COMPLETE)

    def fail(self, error: BaseException) -> None:
        """The stream could not be read on."""
        if isinstance(error, CancelledError) or not isinstance(error, Exception):
            self._finish(tacho.STREAM_CANCELLED, error)
        else:
            self._finish(tacho.STREAM_BROKEN, error)

    def closed(self) -> None:
        """The response was closed. If the stream itself closed it, its outcome is not known yet."""
        if self.idle:
            self._leave(None)

    def abandon(self) -> None:
        """Nobody will read on; how long ago that was decided is not known, so the span ends with the last chunk."""
        elapsed = perf_counter_ns() - (self.last or self._begun)
        self._leave(time_ns() - elapsed)

    def __del__(self) -> None:
        if not self._ended:
            self.abandon()

    def _leave(self, end_ns: int | None) -> None:
        complete = self._accumulator.complete
        self._finish(tacho.STREAM_COMPLETE if complete else tacho.STREAM_ABANDONED, end_ns=end_ns)

    def _finish(self, outcome: str, error: BaseException | None = None, end_ns: int | None = None) -> None:
        if self._ended:
            return
        self._ended = True
        _open.discard(self)
        attributes: dict[str, Any] = {
            tacho.STREAM_OUTCOME: outcome,
            tacho.STREAM_CHUNKS: self.chunks,
            tacho.TOKENS_PROVENANCE: tacho.PROVENANCE_MISSING,
        }
        if self.first:
            attributes[genai.RESPONSE_TIME_TO_FIRST_CHUNK] = (self.first - self._begun) / 1e9
        try:
            attributes.update(self._accumulator.attributes(self._operation.recorder))
        except Exception:
            _logger.debug("tachograph: a streamed answer was not understood", exc_info=True)
        self._operation.end(attributes, error, end_ns)


_open: weakref.WeakSet[Watch] = weakref.WeakSet()
_at_exit = False


def _remember(watch: Watch) -> None:
    """See to it that a stream ends which outlives the program: one in a reference cycle, or that a module holds."""
    global _at_exit
    if not _at_exit:
        # Registered once there is a stream, and so a recording, this runs before the journal is closed.
        _at_exit = True
        atexit.register(_abandon_all)
    _open.add(watch)


def _abandon_all() -> None:
    try:
        for watch in list(_open):
            watch.abandon()
    except Exception:  # a thread that still runs may have changed the set meanwhile
        _logger.debug("tachograph: not every open stream was ended", exc_info=True)


def watch_iterator(source: Iterator[Any], watch: Watch) -> Iterator[Any]:
    """The iterator that replaces the iterator of a stream.

    Parameters
    ----------
    source
        The iterator of the stream; it is not started here.
    watch
        What sees the chunks. Only the iterator may hold on to it.
    """
    add, now = watch.add, perf_counter_ns
    try:
        watch.idle = False
        for chunk in source:
            # As `Watch.see` does, without the call: this is done for each of thousands of chunks.
            watch.last = now()
            if not watch.chunks:
                watch.first = watch.last
            watch.chunks += 1
            try:
                if add(chunk):
                    watch.complete()
            except Exception:
                _logger.debug("tachograph: a chunk was not understood", exc_info=True)
            watch.idle = True
            yield chunk
            watch.idle = False
    except GeneratorExit:
        # From our `yield`: dropped or closed by the program.
        watch.closed()
        raise
    except BaseException as error:
        drop_frame(error)
        watch.fail(error)
        raise
    watch.complete()


class AsyncWatched:
    """The iterator that replaces the iterator of an asynchronous stream.

    Not a generator: the event loop closes those by itself, in an order that would then differ from the client's.

    Parameters
    ----------
    source
        The iterator of the stream.
    watch
        What sees the chunks.
    """

    __slots__ = ("_source", "_watch")

    def __init__(self, source: AsyncIterator[Any], watch: Watch) -> None:
        self._source = source
        self._watch = watch

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        watch = self._watch
        watch.idle = False
        try:
            chunk = await self._source.__anext__()
        except StopAsyncIteration:
            watch.complete()
            raise
        except BaseException as error:
            drop_frame(error)
            watch.fail(error)
            raise
        watch.see(chunk)
        return chunk

    def __getattr__(self, name: str) -> Any:
        # `aclose` and what else a generator has.
        return getattr(self._source, name)
