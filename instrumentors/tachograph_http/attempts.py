"""The HTTP attempts of a call: each is counted on the call, and has a span if it failed or is one of several.

A call whose only request succeeds has a count and the rate limits, and no span: that is nearly every call, and it has
to cost next to nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from tachograph._version import __version__
from tachograph.runtime.exceptions import error_type
from tachograph.runtime.recording import PlainAttributes, goes_to_foreign_provider
from tachograph.semconv import general as g
from tachograph.semconv import tacho
from tachograph_http.other_requests import recorded_by_others
from tachograph_http.rate_limits import rate_limits

if TYPE_CHECKING:
    from tachograph.instrument.operation import Operation

_logger = logging.getLogger("tachograph")

_FAILED = 400
_RATE_LIMITED = 429
_OVERLOADED = 529
_RETRY_AFTER = {"retry-after": g.HTTP_RETRY_AFTER, "retry-after-ms": g.HTTP_RETRY_AFTER_MS}
_PORTS = {"http": 80, "https": 443}

_provider: trace.TracerProvider | None = None


def use(provider: trace.TracerProvider | None) -> None:
    """Set the provider of the spans; None means the global one."""
    global _provider
    _provider = provider


def answered(call: Operation, request: Any, begun_ns: int, ended_ns: int, response: Any) -> None:
    """Record a request that was answered. Does not raise.

    Parameters
    ----------
    call
        The call it is a request of.
    request
        The request of the HTTP library.
    begun_ns, ended_ns
        From when to when, Unix time in ns: until the body was read or, of a stream, until the headers were.
    response
        The answer.
    """
    try:
        status = response.status_code
        limits = rate_limits(response.headers)
        if status < _FAILED and call.http_attributes is None:
            call.attempts = (request, begun_ns, ended_ns, status)
            call.http_attributes = (
                {tacho.HTTP_ATTEMPTS: 1, tacho.HTTP_RATE_LIMITS: limits} if limits else {tacho.HTTP_ATTEMPTS: 1}
            )
            return
        attributes: dict[str, Any] = {g.HTTP_RESPONSE_STATUS_CODE: status}
        for name, key in _RETRY_AFTER.items():
            value = response.headers.get(name)
            if value is not None:
                attributes[key] = [value]
        if limits is not None:
            attributes[tacho.HTTP_RATE_LIMITS] = limits
        if status >= _FAILED:
            attributes[g.ERROR_TYPE] = str(status)
        _note(call, request, begun_ns, ended_ns, attributes)
    except Exception:
        _logger.debug("tachograph: an HTTP request was not understood", exc_info=True)


def failed(call: Operation, request: Any, begun_ns: int, ended_ns: int, error: BaseException) -> None:
    """Record a request that was not answered; see :func:`answered`."""
    try:
        # A hook of the program may have refused an answer that came.
        response = getattr(error, "response", None)
        if response is not None and response.status_code >= _FAILED:
            answered(call, request, begun_ns, ended_ns, response)
            return
        _note(call, request, begun_ns, ended_ns, {g.ERROR_TYPE: error_type(error)})
    except Exception:
        _logger.debug("tachograph: an HTTP request was not understood", exc_info=True)


def _note(call: Operation, request: Any, begun_ns: int, ended_ns: int, attributes: dict[str, Any]) -> None:
    """Count a request and write its span; also that of the first request, if it succeeded and was not the last."""
    counts = call.http_attributes
    if call.attempts is None or counts is None:
        call.http_attributes = counts = {
            tacho.HTTP_ATTEMPTS: 0,
            tacho.HTTP_RATE_LIMITED: 0,
            tacho.HTTP_OVERLOADED: 0,
            tacho.HTTP_WAITED_NS: 0,
        }
    else:
        first, first_ns, last_ns, status = call.attempts
        if first is not None:
            counts |= {tacho.HTTP_RATE_LIMITED: 0, tacho.HTTP_OVERLOADED: 0, tacho.HTTP_WAITED_NS: 0}
            _span(call, first, first_ns, last_ns, 0, {g.HTTP_RESPONSE_STATUS_CODE: status})
        counts[tacho.HTTP_WAITED_NS] += max(begun_ns - last_ns, 0)
    before = counts[tacho.HTTP_ATTEMPTS]
    status = attributes.get(g.HTTP_RESPONSE_STATUS_CODE)
    counts[tacho.HTTP_ATTEMPTS] = before + 1
    counts[tacho.HTTP_RATE_LIMITED] += status == _RATE_LIMITED
    counts[tacho.HTTP_OVERLOADED] += status == _OVERLOADED
    if tacho.HTTP_RATE_LIMITS in attributes:
        counts[tacho.HTTP_RATE_LIMITS] = attributes[tacho.HTTP_RATE_LIMITS]
    call.attempts = (None, 0, ended_ns, None)
    _span(call, request, begun_ns, ended_ns, before, attributes)


def _span(call: Operation, request: Any, begun_ns: int, ended_ns: int, before: int, attributes: dict[str, Any]) -> None:
    if recorded_by_others(type(request).__module__.partition(".")[0]):
        return
    method = str(request.method)
    url = request.url
    path = url.raw_path.partition(b"?")[0].decode("latin-1")
    given = {
        g.HTTP_REQUEST_METHOD: method,
        g.SERVER_ADDRESS: url.host,
        g.SERVER_PORT: url.port or _PORTS.get(url.scheme),
        # Neither what precedes the host nor what follows the path: both may hold secrets.
        g.URL_FULL: f"{url.scheme}://{url.netloc.decode('latin-1')}{path}",
        g.HTTP_RESEND_COUNT: before or None,
        **attributes,
    }
    tracer = call.recorder.journal_only_tracer(tacho.SCOPE_HTTP, already_reported=True) if call.journal_only else None
    if tracer is None:
        tracer = trace.get_tracer(tacho.SCOPE_HTTP, __version__, tracer_provider=_provider)
    given = {name: value for name, value in given.items() if value is not None}
    if goes_to_foreign_provider(tracer):
        given = call.recorder.sealed(given)
    span = tracer.start_span(
        method,
        trace.set_span_in_context(call.span),
        SpanKind.CLIENT,
        PlainAttributes(given),
        start_time=begun_ns,
    )
    if g.ERROR_TYPE in attributes:
        span.set_status(Status(StatusCode.ERROR))
    span.end(ended_ns)
