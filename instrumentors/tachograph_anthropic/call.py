"""One request of the client's, recorded: opened before it, settled by what it gives or raises."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

from tachograph.instrument.operation import begin, suppressed
from tachograph.runtime import recorder
from tachograph.semconv import genai, general, tachograph
from tachograph_anthropic.accumulator import Accumulator
from tachograph_anthropic.answer import add_answer
from tachograph_anthropic.platform import provider_name
from tachograph_anthropic.request import add_content, add_parameters, body_of, operation

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

    from tachograph.instrument.operation import Operation

_logger = logging.getLogger("tachograph")


class Call:
    """A recorded request.

    Attributes
    ----------
    operation
        Its span.
    accumulator
        What its stream has said, where it has one.
    """

    __slots__ = ("_ended", "_first_ns", "_started_ns", "accumulator", "operation")

    def __init__(self, opened: Operation, started_ns: int) -> None:
        self.operation = opened
        self.accumulator: Accumulator | None = None
        self._started_ns = started_ns
        self._first_ns = 0
        self._ended = False

    def fail(self, error: BaseException) -> None:
        """End with what the request raised."""
        self.operation.detach()
        found: dict[str, Any] = {}
        status = getattr(error, "status_code", None)
        if type(status) is int:
            found[general.HTTP_RESPONSE_STATUS_CODE] = status
        self._end(found, error)

    def answer(self, value: object) -> None:
        """End with a whole answer."""
        found: dict[str, Any] = {}
        try:
            add_answer(found, value, self.operation.recorder)
        except Exception:
            _logger.debug("tachograph: an answer was not understood", exc_info=True)
        self._end(found, None)

    def unread(self) -> None:
        """End a call whose answer nobody has read as far as is known here."""
        self._end({tachograph.TOKENS_PROVENANCE: tachograph.PROVENANCE_MISSING}, None)

    def first_event(self) -> None:
        """The first event of the stream has come."""
        self._first_ns = time.perf_counter_ns()

    def stream_ended(self, error: BaseException | None = None, *, read_to_end: bool = False) -> None:
        """End with what the stream has said, once; later calls do nothing.

        Parameters
        ----------
        error
            What reading it raised.
        read_to_end
            Whether the program read all there was.
        """
        if self._ended:
            return
        accumulator = self.accumulator or Accumulator()
        outcome = tachograph.STREAM_ABANDONED
        if isinstance(error, asyncio.CancelledError):
            outcome = tachograph.STREAM_CANCELLED
        elif error is not None:
            outcome = tachograph.STREAM_BROKEN
        elif read_to_end or accumulator.complete:
            outcome = tachograph.STREAM_COMPLETE
        found: dict[str, Any] = {tachograph.STREAM_OUTCOME: outcome, tachograph.STREAM_CHUNKS: accumulator.chunks}
        if self._first_ns:
            found[genai.RESPONSE_TIME_TO_FIRST_CHUNK] = (self._first_ns - self._started_ns) / 1e9
        try:
            accumulator.add_answer(found, self.operation.recorder)
        except Exception:
            _logger.debug("tachograph: what a stream said was not understood", exc_info=True)
        self._end(found, error)

    def _end(self, found: dict[str, Any], error: BaseException | None) -> None:
        if not self._ended:
            self._ended = True
            self.operation.end(found, error)


def open_call(tracer: Tracer | None, client: Any, options: Any, *, stream: object) -> Call | None:
    """Open a span for a request; None where it calls no model or nothing records it. Never raises.

    Parameters
    ----------
    tracer
        The instrumentor's tracer.
    client
        The client that makes the request.
    options
        The client's `FinalRequestOptions`.
    stream
        What the client was told of it: whether the answer comes as a stream.
    """
    try:
        to = recorder()
        if to is None or tracer is None:
            return None
        own = options.__dict__
        name = operation(own.get("method"), own.get("url"))
        if name is None or suppressed():
            return None
        started_ns = time.perf_counter_ns()
        known: dict[str, Any] = {genai.OPERATION_NAME: name, genai.PROVIDER_NAME: provider_name(client)}
        body = body_of(options)
        add_parameters(known, body)
        if stream:
            known[genai.REQUEST_STREAM] = True
        _add_server(known, client)
        if to.content_on:
            add_content(known, body, to)
        model = known.get(genai.REQUEST_MODEL)
        opened = begin(tracer, f"{name} {model}" if model else name, SpanKind.CLIENT, known)
        return None if opened is None else Call(opened, started_ns)
    except Exception:
        _logger.debug("tachograph: a call was not recorded", exc_info=True)
        return None


def _add_server(known: dict[str, Any], client: Any) -> None:
    url = client._base_url
    known[general.SERVER_ADDRESS] = url.host
    known[general.SERVER_PORT] = url.port or (80 if url.scheme == "http" else 443)
