"""Writes each span to the journal: one record when it starts, one when it ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, TraceFlags

from tachograph.journal import SpanIds, span_ids
from tachograph.semconv import scopes, tacho

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Event, ReadableSpan, Span
    from opentelemetry.trace import Link, SpanContext, Status

    from tachograph.recorder.process_recorder import ProcessRecorder

    # Name, scope, attributes, start and end in ns (the end has no meaning until the span has ended), status, context,
    # parent, kind, events, links.
    Facts = tuple[
        str,
        str | None,
        Mapping[str, Any],
        int,
        int,
        Status,
        SpanContext | None,
        SpanContext | None,
        SpanKind,
        Sequence[Event],
        Sequence[Link],
    ]

_KINDS = {kind: kind.name.lower() for kind in SpanKind}
_INTERNAL, _CLIENT = SpanKind.INTERNAL, SpanKind.CLIENT
_UNSET, _OK = StatusCode.UNSET, StatusCode.OK
_IDS = "_tachograph_ids"
_SAMPLED = int(TraceFlags.SAMPLED)
# Positions in a `SpanContext`, which is a tuple; each of its properties costs a call.
_TRACE_ID: Final = 0
_SPAN_ID: Final = 1
_FLAGS: Final = 3
_STATE: Final = 4
_CONTENT = (tacho.CONTENT_INPUT, tacho.CONTENT_SYSTEM, tacho.CONTENT_TOOLS)
"""The attributes with ids of content that the start of a call has."""


class JournalSpanProcessor(SpanProcessor):
    """Writes the spans of a process with its recorder.

    Parameters
    ----------
    recorder
        The recorder of the process.
    """

    def __init__(self, recorder: ProcessRecorder) -> None:
        self._recorder = recorder
        self._builder = recorder.builder
        self._write = recorder.write
        self._errors_only = recorder.errors_only

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - the SDK's signature
        """Write the start of a span, from which a reader knows the spans that were open when a process died."""
        facts_of_ours: Callable[[], Facts] | None = getattr(span, "facts", None)
        if facts_of_ours is None and not self._recorder.others_report_calls:
            self._recorder.others_report_calls = _reports_calls(span)
        if self._errors_only:
            return
        try:
            facts = _facts(span) if facts_of_ours is None else facts_of_ours()
            name, scope, attributes, start_ns, _, _, context, parent, kind, _, _ = facts
            members: dict[str, Any] = {"name": name, "scope": scope, "thread": _thread_name()}
            if attributes:
                members["attributes"] = attributes
            # Both records of a span begin with the same ids. The span keeps them for its end.
            vars(span)[_IDS] = ids = _ids(context, parent, kind, start_ns)
            if tacho.CONTENT_INPUT in attributes:
                line = self._builder.span_start(ids, members, start_ns, _CONTENT, self._recorder.content_prefix)
            else:
                line = self._builder.span_start(ids, members, start_ns)
            self._write(line)
        except Exception:
            self._recorder.faults += 1

    def on_end(self, span: ReadableSpan) -> None:
        """Write a span that has ended."""
        try:
            facts_of_ours: Callable[[], Facts] | None = getattr(span, "facts", None)
            facts = _facts(span) if facts_of_ours is None else facts_of_ours()
            name, scope, attributes, start_ns, end_ns, status, context, parent, kind, events, links = facts
            code = status.status_code
            if self._errors_only and code is not StatusCode.ERROR:
                return
            if scope not in self._recorder.scopes and span.instrumentation_scope is not None:
                self._recorder.scope(span.instrumentation_scope)
            members: dict[str, Any] = {"name": name, "scope": scope}
            if attributes:
                members["attributes"] = attributes
            written_status = "unset"
            if code is not _UNSET:
                written_status = "ok" if code is _OK else "error"
                if status.description is not None:
                    members["description"] = status.description
            if context is not None and context[_STATE]:
                members["trace_state"] = context[_STATE].to_header()
            if events:
                members["events"] = [
                    {"name": e.name, "time_ns": e.timestamp, "attributes": dict(e.attributes or {})} for e in events
                ]
            ids = vars(span).get(_IDS) or _ids(context, parent, kind, start_ns)
            linked: Sequence[SpanIds] = ()
            if links:
                linked = [_link(link.context) for link in links]
                if any(link.attributes for link in links):
                    members["link_attributes"] = [dict(link.attributes or {}) for link in links]
            self._write(self._builder.span_end(ids, end_ns - start_ns, written_status, linked, members, end_ns))
        except Exception:
            self._recorder.faults += 1

    def own_provider(self) -> None:
        """Write that from here on the spans come from the program's own provider."""
        try:
            self._recorder.own_provider()
        except Exception:
            self._recorder.faults += 1


def _thread_name() -> str:
    """The name of this thread.

    `threading.current_thread` would make an object for a thread that `threading` has not started, and keep it.
    """
    number = threading.get_ident()
    active: dict[int, threading.Thread] = vars(threading)["_active"]
    thread = active.get(number)
    return thread.name if thread is not None else f"thread {number}"


def _reports_calls(span: ReadableSpan) -> bool:
    """Whether a span of a provider that the program has set shows that another instrumentation reports model calls."""
    try:
        scope = span.instrumentation_scope
        name = "" if scope is None else scope.name
        # A client that reports its own calls does not report those of other clients.
        if name.startswith(tacho.SCOPE_PREFIX) or name == scopes.ANTHROPIC_CLIENT:
            return False
        # Imported here because only programs with their own provider need the names that other tools use.
        from tachograph.semconv import aliases, quirks

        return quirks.reports_calls(name) or aliases.model_operation(span.attributes or {}) is not None
    except Exception:
        return False


def _facts(span: ReadableSpan) -> Facts:
    """The facts of a span of the SDK, from ten properties; spans of our provider return theirs from one method."""
    scope = span.instrumentation_scope
    start_ns = span.start_time or 0
    return (
        span.name,
        scope.name if scope is not None else None,
        dict(span.attributes or {}),
        start_ns,
        span.end_time or start_ns,
        span.status,
        span.get_span_context(),
        span.parent,
        span.kind,
        span.events,
        span.links,
    )


def _ids(context: SpanContext | None, parent: SpanContext | None, kind: SpanKind, start_ns: int) -> str:
    if context is None:
        return ""
    # The two commonest kinds come first, because hashing a member of an enumeration runs Python code.
    name = "internal" if kind is _INTERNAL else "client" if kind is _CLIENT else _KINDS[kind]
    parent_id = None if parent is None else parent[_SPAN_ID]
    sampled = bool(context[_FLAGS] & _SAMPLED)
    return span_ids(context[_TRACE_ID], context[_SPAN_ID], parent_id, name, start_ns, sampled=sampled)


def _link(context: SpanContext) -> SpanIds:
    return SpanIds(f"{context.trace_id:032x}", f"{context.span_id:016x}")
