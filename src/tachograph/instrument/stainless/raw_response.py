"""The bodies of answers: what the program reads of a raw response, and when a response is closed."""

from __future__ import annotations

import logging
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.instrument.endpoint import members
from tachograph.instrument.stream import DONE, AsyncWatched, watch_iterator
from tachograph.instrument.tracebacks import drop_frame
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from tachograph.instrument.endpoint import Endpoint
    from tachograph.instrument.stream import Accumulator, Watch
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

_MOST_BYTES = 64_000_000
_EVENTS = "text/event-stream"
_END = b"data: [DONE]"


def on_close(stream: Any, watch: Watch) -> None:
    """Notify a watch when a byte stream is closed: every way to end a response early closes it.

    Parameters
    ----------
    stream
        The ``stream`` of a response of the HTTP library. What is put on it does not keep it alive.
    watch
        The watch to notify.
    """
    reference: weakref.ref[Any] = weakref.ref(stream)
    kind: Any = stream.__class__

    def close() -> None:
        open_stream = reference()
        try:
            if open_stream is not None:
                kind.close(open_stream)
        except BaseException as error:
            drop_frame(error)
            raise
        finally:
            watch.closed()

    async def aclose() -> None:
        open_stream = reference()
        try:
            if open_stream is not None:
                await kind.aclose(open_stream)
        except BaseException as error:
            drop_frame(error)
            raise
        finally:
            watch.closed()

    for name, method in (("close", close), ("aclose", aclose)):
        if hasattr(kind, name):
            with suppress(AttributeError):  # one that takes no attributes ends with its iterator
                setattr(stream, name, method)


class Body:
    """Replaces ``response.stream``, and notifies a watch of what is read and of the end.

    The byte stream is the one thing below a response that is replaced: it is left out when a response is pickled, and
    every way of reading a body ends there.

    Parameters
    ----------
    stream
        The byte stream of the HTTP library.
    watch
        The watch to notify.
    """

    def __init__(self, stream: Any, watch: Watch) -> None:
        self._tachograph_stream = stream
        self._tachograph_watch = watch

    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - only ever read
        """The class of the byte stream, by which the HTTP library tells synchronous streams from others."""
        stream: object = self._tachograph_stream
        return type(stream)

    def __iter__(self) -> Iterator[bytes]:
        return watch_iterator(iter(self._tachograph_stream), self._tachograph_watch)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return AsyncWatched(self._tachograph_stream.__aiter__(), self._tachograph_watch)

    def close(self) -> None:
        """Close the byte stream."""
        try:
            self._tachograph_stream.close()
        except BaseException as error:
            drop_frame(error)
            raise
        finally:
            self._tachograph_watch.closed()

    async def aclose(self) -> None:
        """Close the byte stream."""
        try:
            await self._tachograph_stream.aclose()
        except BaseException as error:
            drop_frame(error)
            raise
        finally:
            self._tachograph_watch.closed()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tachograph_stream, name)


class RawAnswer:
    """Gathers the bytes of an answer and reads them when there are no more.

    Parameters
    ----------
    endpoint
        What reads the answer.
    response
        The HTTP response, of which the type and the headers are kept.

    Attributes
    ----------
    is_events
        Whether the answer is a stream of events.
    """

    def __init__(self, endpoint: Endpoint, response: Any) -> None:
        self._endpoint = endpoint
        self._kind: Any = response.__class__
        self._headers = response.headers
        self._pieces: list[bytes] = []
        self._size = 0
        self._decoded: bytes | None = None
        self._gathered: Accumulator | None = None
        self._count = 0
        self.is_events = _EVENTS in str(self._headers.get("content-type", ""))

    def add(self, chunk: bytes, /) -> object:
        """See some bytes as they came over the wire."""
        self._size += len(chunk)
        if self._size <= _MOST_BYTES:
            self._pieces.append(chunk)
        # A client may leave it at the mark after the last event, and neither read on nor close the response.
        return DONE if self.is_events and _END in chunk else None

    def take(self, body: bytes) -> None:
        """See the whole body, decoded."""
        self._decoded = body

    @property
    def complete(self) -> bool:
        """Whether the bytes hold the answer to its last event, or all of its JSON."""
        try:
            return self._events().complete if self.is_events else parsed(self._bytes()) is not None
        except Exception:
            return False

    def attributes(self, to: Recorder, /) -> Mapping[str, Any]:
        """The attributes of the answer."""
        if self.is_events:
            gathered = self._events()
            return {tacho.STREAM_CHUNKS: self._count, **gathered.attributes(to)}
        # What counts in a stream of events says nothing about bytes.
        left_out = {tacho.STREAM_CHUNKS: None, genai.RESPONSE_TIME_TO_FIRST_CHUNK: None}
        return {**left_out, **self._endpoint.answer(members(parsed(self._bytes())), to)}

    def _bytes(self) -> bytes:
        if self._decoded is None:
            body = b"".join(self._pieces)
            if self._headers.get("content-encoding"):
                # The library's own class undoes the encoding.
                body = self._kind(200, headers=self._headers, content=body).content
            self._decoded = body
            return body
        return self._decoded

    def _events(self) -> Accumulator:
        if self._gathered is None:
            gathered = self._endpoint.accumulator()
            for event in events(self._bytes()):
                try:
                    gathered.add(event)
                except Exception:
                    _logger.debug("tachograph: an event was not understood", exc_info=True)
                self._count += event is not DONE
            self._gathered = gathered
        return self._gathered


def parsed(body: bytes) -> object:
    """The JSON of a body, None if it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def events(body: bytes) -> Iterator[object]:
    """The JSON of the server-sent events in a body, whole ones only.

    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    data: list[bytes] = []
    for line in body.splitlines():
        if line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
        elif not line and data:
            whole = b"\n".join(data)
            data = []
            yield DONE if whole.startswith(b"[DONE]") else parsed(whole)
