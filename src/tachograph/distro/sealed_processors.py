"""Hands spans to the journal first, then sealed copies of them to every processor the program added."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, overload

from opentelemetry.sdk import trace as sdk
from opentelemetry.trace import Link, SpanContext, Status, TraceState

from tachograph.distro.sealed_copies import SealedCopies

if TYPE_CHECKING:
    from opentelemetry.context import Context

    from tachograph.redaction import Sealer

# Not allowed in a value of a trace state: https://www.w3.org/TR/trace-context/#value
_NOT_IN_STATE = str.maketrans({",": "_", "=": "_"})

_logger = logging.getLogger("tachograph")


class SealedProcessors(sdk.SynchronousMultiSpanProcessor):
    """The processors of a :class:`~tachograph.distro.tracer_provider.RecordingProvider`.

    Parameters
    ----------
    journal
        Gets each span as it is, and seals it itself.
    sealer
        Makes the copies that all others get.
    """

    def __init__(self, journal: sdk.SpanProcessor, sealer: Sealer) -> None:
        super().__init__()
        self._journal = journal
        self._copies = SealedCopies(sealer)

    def on_start(self, span: sdk.Span, parent_context: Context | None = None) -> None:
        """See `opentelemetry.sdk.trace.SpanProcessor`."""
        self._journal.on_start(span, parent_context)
        for processor in self._span_processors:
            processor.on_start(span, parent_context)

    def on_end(self, span: sdk.ReadableSpan) -> None:
        """See `opentelemetry.sdk.trace.SpanProcessor`."""
        if not self._span_processors:
            self._journal.on_end(span)
            return
        if isinstance(span, sdk.Span):
            for processor in self._span_processors:
                processor._on_ending(span)
        self._journal.on_end(span)
        try:
            copy = self._seal(span)
        except Exception:
            _logger.debug("tachograph: a span could not be sealed and was not handed on", exc_info=True)
            return
        for processor in self._span_processors:
            processor.on_end(copy)

    def _on_ending(self, span: sdk.Span) -> None:
        """Done in :meth:`on_end`, so that our spans need one call instead of two."""

    def shutdown(self) -> None:
        """See `opentelemetry.sdk.trace.SpanProcessor`."""
        super().shutdown()
        self._journal.shutdown()

    def _seal(self, span: sdk.ReadableSpan) -> sdk.ReadableSpan:
        name, description = span.name, span.status.description
        sealed = self._copies.value(
            {
                "name": name,
                "description": description,
                "attributes": dict(span.attributes or {}),
                "events": [{"name": e.name, "attributes": dict(e.attributes or {})} for e in span.events],
                "links": [dict(link.attributes or {}) for link in span.links],
            }
        )
        events: list[dict[str, Any]] = sealed["events"]
        links: list[dict[str, Any]] = sealed["links"]
        return sdk.ReadableSpan(
            name=sealed["name"],
            context=self._context(span.get_span_context()),
            parent=self._context(span.parent),
            resource=self._copies.resource(span.resource),
            attributes=sealed["attributes"],
            events=[
                sdk.Event(e["name"], e["attributes"], timestamp=original.timestamp)
                for e, original in zip(events, span.events, strict=True)
            ],
            links=[
                Link(self._context(link.context), attributes)
                for link, attributes in zip(span.links, links, strict=True)
            ],
            kind=span.kind,
            status=Status(span.status.status_code, sealed["description"]),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=self._copies.scope(span.instrumentation_scope),
        )

    @overload
    def _context(self, context: SpanContext) -> SpanContext: ...

    @overload
    def _context(self, context: SpanContext | None) -> SpanContext | None: ...

    def _context(self, context: SpanContext | None) -> SpanContext | None:
        """A context with its state redacted; an entry that is no longer valid then is left out by the API."""
        if context is None or not context.trace_state:
            return context
        state = dict(context.trace_state)
        sealed = self._copies.value(state)
        if sealed == state:
            return context
        return SpanContext(
            context.trace_id,
            context.span_id,
            context.is_remote,
            context.trace_flags,
            TraceState([(name, value.translate(_NOT_IN_STATE)) for name, value in sealed.items()]),
        )
