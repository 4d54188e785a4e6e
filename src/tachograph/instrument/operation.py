"""One recorded call, from its start to the one time it ends.

Instrumentors use nothing else to record a call: it opens the span, makes it current, and ends it exactly once, whatever
happens. Nothing here raises into the program.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from tachograph.instrument.caller import program_frame
from tachograph.runtime.context import (
    SPAN,
    attach,
    current_context,
    detach,
    is_foreign,
    is_replaced,
    program_span_context,
)
from tachograph.runtime.exceptions import describe
from tachograph.runtime.recording import PlainAttributes, goes_to_foreign_provider, recorder
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextvars import Token

    from opentelemetry.trace import SpanContext

    from tachograph.runtime.exceptions import ExceptionDescription
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

_SUPPRESS = getattr(otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")
# `opentelemetry.instrumentation.utils.suppress_instrumentation` sets both: the key above and, for older readers, this.
_SUPPRESS_PLAIN = "suppress_instrumentation"

_CALL = otel_context.create_key("tachograph_call")
_OURS = frozenset({_CALL, SPAN, _SUPPRESS, _SUPPRESS_PLAIN})
"""Keys of a context that no propagator reads, or that are read by themselves."""


def suppressed() -> bool:
    """Whether the caller asked that nothing be recorded here (`suppress_instrumentation`)."""
    context = current_context()
    return bool(context.get(_SUPPRESS) or context.get(_SUPPRESS_PLAIN))


def current() -> Operation | None:
    """The innermost call that is being made here, None outside of any.

    It is kept in the context: the span of the call is not the current one if another tool has opened a span inside.
    """
    return current_context().get(_CALL)


def headers_context(context: Mapping[str, Any]) -> SpanContext | None:
    """The span context a client would put into its headers if nothing were recorded.

    Parameters
    ----------
    context
        The context the program makes the call in.

    Returns
    -------
    SpanContext or None
        An invalid one if there is no span but something else that a propagator may read, such as baggage; None if there
        is nothing.
    """
    span_context = program_span_context(context)
    if span_context is None and not _OURS.issuperset(context):
        return trace.INVALID_SPAN_CONTEXT
    return span_context


class Operation:
    """An open call. Make one with :func:`begin`.

    Attributes
    ----------
    span
        The span of the call.
    recorder
        Keeps the content of the call.
    http
        The client of the HTTP library that sends the requests of this call; None before and after the call, and if it
        is not known.
    attempts
        Private state of the HTTP layer (`tachograph_http`).
    journal_only
        Whether the span is in the journal only, and never current: the spans around it are those of other exporters.
    reported_by_others
        Whether somebody else, such as the client itself, reports the call to the program's exporters.
    headers_context
        The span context that the client is to put into the headers of its requests; None if it is to put in none.
    http_attributes
        Attributes that the HTTP layer adds at the end of the span; None if there is no such layer.
    """

    __slots__ = (
        "_before",
        "_ended",
        "_sealed_for_foreign",
        "_token",
        "attempts",
        "headers_context",
        "http",
        "http_attributes",
        "journal_only",
        "recorder",
        "reported_by_others",
        "span",
    )

    def __init__(
        self,
        span: trace.Span,
        to: Recorder,
        *,
        sealed_for_foreign: bool,
        journal_only: bool = False,
        reported_by_others: bool = False,
        http: object = None,
    ) -> None:
        self.span = span
        self.recorder = to
        self.http = http
        self.attempts: Any = None
        self.http_attributes: dict[str, Any] | None = None
        self.journal_only = journal_only
        self.reported_by_others = reported_by_others
        self.headers_context: SpanContext | None = None
        self._sealed_for_foreign = sealed_for_foreign
        self._token: Token[Any] | None = None
        self._before: Mapping[str, Any] | None = None
        self._ended = False

    def attach(self) -> None:
        """Make the span current, so that what happens inside the call becomes its child.

        Only for the duration of the wrapped call itself, never across a `yield`: a token cannot be given back in
        another context. A span that the program's exporters do not get is never current: the spans they get would have
        a parent that they do not know.
        """
        self._before = before = current_context()
        inside: dict[str, object] = {**before, _CALL: self}
        if not self.journal_only:
            inside[SPAN] = self.span
        self._token = attach(otel_context.Context(inside))

    def detach(self) -> None:
        """Undo :meth:`attach`; does nothing when it was undone already.

        Handlers of signals run between any two steps of this and of :meth:`attach`, and may raise. Called again then,
        it does what is left to do.
        """
        token = self._token
        if token is None:
            if self._before is None or current() is not self:
                return
            # The error came before the token was kept.
            attach(otel_context.Context(self._before))
        else:
            try:
                detach(token)
            except RuntimeError:  # it was given back, and the error came behind that
                pass
            except ValueError:  # the coroutine was taken on in another context
                _logger.debug("tachograph: a call was left in another context", exc_info=True)
        # For what was started inside the call and continues, it is still the current call.
        self.http = None
        self._token = self._before = None

    def end(
        self,
        attributes: Mapping[str, Any] | None = None,
        error: BaseException | None = None,
        end_ns: int | None = None,
    ) -> None:
        """End the span, once; later calls do nothing.

        Parameters
        ----------
        attributes
            What is known at the end; None values are left out.
        error
            What the call failed with; it sets the status, `error.type` and an exception event.
        end_ns
            When it ended (Unix time in ns); None means now.
        """
        if self._ended:
            return
        self._ended = True
        span = self.span
        try:
            final = PlainAttributes(attributes or ())
            if self.http_attributes is not None:
                final.update(self.http_attributes)
            if None in final.values():
                final = PlainAttributes({name: value for name, value in final.items() if value is not None})
            span.set_attributes(PlainAttributes(self._sealed(final)) if self._sealed_for_foreign else final)
            if error is not None:
                described = describe(error)
                span.set_attributes(self._sealed({g.ERROR_TYPE: described.error_type}))
                if self._sealed_for_foreign:
                    self._fail_sealed(described)
                else:
                    span.set_status(Status(StatusCode.ERROR, described.message))
                    span.record_exception(error)
                span.set_attributes(PlainAttributes(self._sealed(program_frame())))
        except Exception:  # the span still has to end
            _logger.debug("tachograph: a span was ended without all of its attributes", exc_info=True)
        span.end(end_ns)

    def _sealed(self, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.recorder.sealed(attributes) if self._sealed_for_foreign else attributes

    def _fail_sealed(self, error: ExceptionDescription) -> None:
        """Record what `record_exception` would, without the traceback: it quotes the program's source."""
        sealed = self.recorder.sealed({g.EXCEPTION_TYPE: error.exception_type, g.EXCEPTION_MESSAGE: error.message})
        self.span.set_status(Status(StatusCode.ERROR, sealed[g.EXCEPTION_MESSAGE]))
        self.span.add_event("exception", sealed)


def begin(
    tracer: trace.Tracer,
    scope: str,
    name: str,
    attributes: PlainAttributes,
    *,
    client_reports: bool = False,
    client_has_provider: bool = False,
    http: object = None,
) -> Operation | None:
    """Open a span for a call; None if nothing records it.

    Parameters
    ----------
    tracer
        The instrumentor's own tracer.
    scope
        Its instrumentation scope.
    name
        The span's name, e.g. ``chat gpt-5``.
    attributes
        What is known before the call; None values are not allowed.
    client_reports
        Whether the client itself reports the call if the program has set a provider.
    client_has_provider
        Whether it reports it to a provider that it was given, neither ours nor the program's global one.
    http
        The client of the HTTP library that sends the requests of the call, if it is known.
    """
    to = recorder()
    if to is None:
        return None
    foreign = goes_to_foreign_provider(tracer)
    journal_only_tracer = to.journal_only_tracer(scope, already_reported=client_reports) if foreign else None
    reported_by_others = journal_only = client_has_provider or journal_only_tracer is not None
    if not journal_only:
        parent = current_context().get(SPAN)
        if foreign:
            journal_only = parent is not None and _is_of_another(parent, tracer)
            journal_only_tracer = to.journal_only_tracer(scope, already_reported=True) if journal_only else None
        else:
            journal_only = is_replaced() or (parent is not None and is_foreign(parent))
    if journal_only_tracer is not None:
        tracer, foreign = journal_only_tracer, False
    if foreign:
        sealed = to.sealed({"name": name, "attributes": attributes})
        name, attributes = sealed["name"], PlainAttributes(sealed["attributes"])
    span = tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)
    if not span.is_recording():
        return None
    return Operation(
        span,
        to,
        sealed_for_foreign=foreign,
        journal_only=journal_only,
        reported_by_others=reported_by_others,
        http=http,
    )


def _is_of_another(span: Any, tracer: Any) -> bool:
    """Whether a span and a tracer belong to two providers of the program, so that their exporters differ."""
    of_span = getattr(span, "_span_processor", None)
    of_tracer = getattr(getattr(tracer, "successor", tracer), "span_processor", None)
    return of_span is not None and of_tracer is not None and of_span is not of_tracer and is_foreign(span)
