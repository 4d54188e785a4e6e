"""Converts the records of a journal to OpenTelemetry's spans and log records, with the same ids and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

from tachograph import semconv
from tachograph.journal.coerce import rows
from tachograph.journal.lines import parse, type_of
from tachograph.redaction import REDACTED_ERROR
from tachograph.semconv import general, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping


_SAMPLED, _NOT_SAMPLED = TraceFlags(TraceFlags.SAMPLED), TraceFlags(TraceFlags.DEFAULT)
_STATUS = {"ok": StatusCode.OK, "error": StatusCode.ERROR}
_TACHOGRAPH_SCOPE = InstrumentationScope("tachograph")
_SEVERITY = {
    "debug": SeverityNumber.DEBUG,
    "info": SeverityNumber.INFO,
    "warning": SeverityNumber.WARN,
    "error": SeverityNumber.ERROR,
    "critical": SeverityNumber.FATAL,
}


class RecordConverter:
    """Converts the records of one journal, and keeps the resource and the scopes that they refer to.

    Attributes
    ----------
    resource
        The resource of the process.
    sent_by_program
        Whether the program has set its own TracerProvider by now, whose exporters get the spans.
    """

    def __init__(self) -> None:
        self.sent_by_program = False
        self.resource = Resource({})
        self._scopes: dict[str, InstrumentationScope] = {}

    def read(self, line: bytes) -> None:
        """Read the line of a `process` or `scope` record."""
        record = parse(line)
        if record is not None:
            (self.process if type_of(line) == "process" else self.scope)(record)

    def process(self, record: dict[str, Any]) -> None:
        """Read a `process` record: it has the resource, or reports that the program's own provider has taken over."""
        if record.get("state") == "start":
            self.resource = Resource({**table(record, "resource"), tacho.RUN_ID: record["run"]})
        elif record.get("state") == "own_provider":
            self.sent_by_program = True

    def scope(self, record: dict[str, Any]) -> None:
        """Read a `scope` record."""
        name = record["name"]
        self._scopes[name] = InstrumentationScope(
            name, record.get("version"), record.get("schema_url"), record.get("attributes")
        )

    def span(self, record: dict[str, Any], attributes: Mapping[str, Any], events: list[Event]) -> ReadableSpan:
        """Convert a `span.end` record to a span.

        Parameters
        ----------
        record
            The record.
        attributes
            Its attributes as they are sent.
        events
            Events to add to the span's own.
        """
        start_ns = record["start_ns"]
        scope = record.get("scope")
        link_attributes = rows(record, "link_attributes")
        return ReadableSpan(
            name=record.get("name", REDACTED_ERROR),
            context=context_of(record),
            parent=parent_of(record),
            resource=self.resource,
            attributes=attributes,
            events=[
                *(
                    Event(e.get("name", REDACTED_ERROR), table(e, "attributes"), e["time_ns"])
                    for e in rows(record, "events")
                    if type(e.get("time_ns")) is int
                ),
                *events,
            ],
            links=[
                Link(
                    _span_context(link["trace_id"], link["span_id"]),
                    link_attributes[index] if index < len(link_attributes) else None,
                )
                for index, link in enumerate(record.get("links", ()))
            ],
            kind=SpanKind[record["kind"].upper()],
            status=Status(_STATUS.get(record["status"], StatusCode.UNSET), record.get("description")),
            start_time=start_ns,
            end_time=start_ns + record["duration_ns"],
            instrumentation_scope=self.scope_named(scope) if scope else None,
        )

    def scope_named(self, name: str) -> InstrumentationScope:
        """The scope with this name, with its version and schema if a record had them."""
        return self._scopes.setdefault(name, InstrumentationScope(name))

    def log(self, record: dict[str, Any]) -> ReadableLogRecord:
        """Convert an `event` record to a log record."""
        if "severity" in record:
            return self._api_log(record)
        fields = table(record, "fields")
        name = record.get("name", REDACTED_ERROR)
        level = str(fields.get("level", "")) if name == tacho.LOG_EVENT else "error" if name == "error" else "info"
        context = None
        if "span_id" in record:
            context = set_span_in_context(NonRecordingSpan(_span_context(record["trace_id"], record["span_id"])))
        attributes = {key: value for key, value in fields.items() if not (name == tacho.LOG_EVENT and key in _BODY)}
        return ReadableLogRecord(
            LogRecord(
                timestamp=record["time_ns"],
                observed_timestamp=record["time_ns"],
                context=context,
                severity_text=level.upper(),
                severity_number=_SEVERITY.get(level, SeverityNumber.INFO),
                body=fields.get("message"),
                attributes=attributes,
                event_name=None if name == tacho.LOG_EVENT else f"tachograph.{name}",
            ),
            self.resource,
            _TACHOGRAPH_SCOPE,
        )

    def _api_log(self, record: dict[str, Any]) -> ReadableLogRecord:
        """Convert an `event` record that the program wrote through the Logs API."""
        context = None
        if "span_id" in record:
            context = set_span_in_context(NonRecordingSpan(context_of(record)))
        name = record.get("name", REDACTED_ERROR)
        scope = record.get("scope")
        return ReadableLogRecord(
            LogRecord(
                timestamp=record["time_ns"],
                observed_timestamp=record.get("observed_ns", record["time_ns"]),
                context=context,
                severity_text=record.get("severity_text"),
                severity_number=SeverityNumber(record["severity"]),
                body=record.get("body"),
                attributes=table(record, "fields"),
                event_name=None if name == tacho.LOG_EVENT else name,
            ),
            self.resource,
            self.scope_named(scope) if scope else None,
        )


def table(record: dict[str, Any], member: str) -> dict[str, Any]:
    """A member that is a map; empty if it could not be sealed, because the record then has a text in its place.

    Parameters
    ----------
    record
        A record or a part of one.
    member
        The member's name.
    """
    value: object = record.get(member)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


_BODY = frozenset({"message", "level"})


def without_content(record: dict[str, Any]) -> dict[str, Any]:
    """An `event` record with the content removed if it comes from the Logs API; any other is returned unchanged.

    Parameters
    ----------
    record
        An `event`.
    """
    if "severity" not in record:
        return record
    fields = table(record, "fields")
    name = None if record.get("name") == tacho.LOG_EVENT else record.get("name")
    body = semconv.body_without_content(name, fields, record.get("body"))
    return {**record, "fields": semconv.without_content(fields), "body": body}


def event(record: dict[str, Any]) -> Event:
    """Convert an `event` record to an event of the span it happened in."""
    fields = table(record, "fields")
    # A record that could not be sealed has only its times and ids.
    name = record.get("name", REDACTED_ERROR)
    if "severity" in record:
        log = {"level": record.get("severity_text"), "logger": record.get("scope"), "message": record.get("body")}
        return Event(name, {**{k: v for k, v in log.items() if v is not None}, **fields}, record["time_ns"])
    if name == "error":
        # https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
        renamed: dict[str, str] = {"type": general.EXCEPTION_TYPE, "message": general.EXCEPTION_MESSAGE}
        fields = {renamed.get(key, key): value for key, value in fields.items() if key != "stack"}
        name = "exception"
    return Event(name, fields, record["time_ns"])


def context_of(record: dict[str, Any]) -> SpanContext:
    """The context of the span that a record is about."""
    sampled = record.get("sampled", True)
    state = record.get("trace_state")
    return SpanContext(
        int(record["trace_id"], 16),
        int(record["span_id"], 16),
        is_remote=False,
        trace_flags=_SAMPLED if sampled else _NOT_SAMPLED,
        trace_state=TraceState.from_header([state]) if state else None,
    )


def parent_of(record: dict[str, Any]) -> SpanContext | None:
    """The context of the parent of the span that a record is about, None if it has no parent."""
    parent_id = record.get("parent_id")
    return None if parent_id is None else _span_context(record["trace_id"], parent_id)


def _span_context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=_SAMPLED)
