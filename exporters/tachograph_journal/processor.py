"""Writes each span to the journal: one record when it starts, one when it ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, Span
    from opentelemetry.trace import SpanContext

    from tachograph_journal.recorder import JournalRecorder

_KINDS = {kind: kind.name.lower() for kind in SpanKind}
_INTERNAL, _CLIENT = SpanKind.INTERNAL, SpanKind.CLIENT
_UNSET, _OK = StatusCode.UNSET, StatusCode.OK
_IDS = "_tachograph_ids"


class JournalSpanProcessor(SpanProcessor):
    """Hands spans to a recorder.

    Parameters
    ----------
    recorder
        Where the records go.
    """

    def __init__(self, recorder: JournalRecorder) -> None:
        self._recorder = recorder
        self._frame = recorder.frame
        self._write = recorder.write
        self._seal = recorder.sealer.json
        self._errors_only = recorder.errors_only

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - the SDK's signature
        """Write the start of a span; what is open when a process dies is known from it."""
        if self._errors_only:
            return
        try:
            start_ns = span.start_time or 0
            tally: dict[str, int] = {}
            members: dict[str, Any] = {
                "name": span.name,
                "scope": _scope(span),
                "thread": threading.current_thread().name,
            }
            attributes = span.attributes
            if attributes:
                members["attributes"] = dict(attributes)
            own = _ids(span, start_ns)
            # Both records of a span begin with the same ids; the span carries them from one to the other.
            vars(span)[_IDS] = own
            self._write(self._frame.line("span.start", own, self._seal(members, tally), tally, start_ns))
        except Exception:
            self._recorder.faults += 1

    def on_end(self, span: ReadableSpan) -> None:
        """Write a span that has ended."""
        try:
            status = span.status
            if self._errors_only and status.status_code is not StatusCode.ERROR:
                return
            start_ns = span.start_time or 0
            end_ns = span.end_time or start_ns
            members: dict[str, Any] = {"name": span.name, "scope": _scope(span)}
            attributes = span.attributes
            if attributes:
                members["attributes"] = dict(attributes)
            if status.description is not None:
                members["description"] = status.description
            if span.events:
                members["events"] = [
                    {"name": e.name, "time_ns": e.timestamp, "attributes": dict(e.attributes or {})}
                    for e in span.events
                ]
            links = span.links
            if links and any(link.attributes for link in links):
                members["link_attributes"] = [dict(link.attributes or {}) for link in links]
            tally: dict[str, int] = {}
            sealed = self._seal(members, tally)
            code = status.status_code
            told = "unset" if code is _UNSET else "ok" if code is _OK else "error"
            ids = vars(span).get(_IDS) or _ids(span, start_ns)
            own = f'{ids},"duration_ns":{max(end_ns - start_ns, 0)},"status":"{told}"'
            if links:
                own += f',"links":[{",".join(_link(link.context) for link in links)}]'
            self._write(self._frame.line("span.end", own, sealed, tally, end_ns))
        except Exception:
            self._recorder.faults += 1


def _scope(span: ReadableSpan) -> str | None:
    scope = span.instrumentation_scope
    return scope.name if scope is not None else None


def _ids(span: ReadableSpan, start_ns: int) -> str:
    context, parent, kind = span.get_span_context(), span.parent, span.kind
    if context is None:
        return ""
    # By position, as the names are properties; no table of kinds first, as the hash of an enumeration is Python code.
    told = "internal" if kind is _INTERNAL else "client" if kind is _CLIENT else _KINDS[kind]
    above = f'"{parent[1].to_bytes(8).hex()}"' if parent is not None else "null"
    return (
        f',"trace_id":"{context[0].to_bytes(16).hex()}","span_id":"{context[1].to_bytes(8).hex()}"'
        f',"parent_id":{above},"kind":"{told}","start_ns":{start_ns}'
    )


def _link(context: SpanContext) -> str:
    return f'{{"trace_id":"{context.trace_id:032x}","span_id":"{context.span_id:016x}"}}'
