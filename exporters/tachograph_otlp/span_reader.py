"""Reads the spans to send from the lines of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.journal.coerce import rows
from tachograph.journal.lines import parse, type_of
from tachograph.journal.transcript import PlacesInMemory, Transcript
from tachograph.semconv import without_content
from tachograph_otlp import conversion
from tachograph_otlp.run_span import root_span

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk.trace import Event, ReadableSpan


_MOST_EVENTS = 128
"""Events that are added to a span; the SDK's own limit."""
_MOST_OPEN = 10_000
"""Spans whose events are kept until they end."""


class SpanReader:
    """Reads the spans of one journal.

    Parameters
    ----------
    content
        Whether prompts, answers and payloads are sent.
    event_content
        Whether those in records of the Logs API are sent.
    events
        Whether events are sent with the span they happened in, because they are not sent as log records.
    own_provider
        Whether spans that the program's own exporters get are sent too.
    """

    def __init__(self, *, content: bool, event_content: bool, events: bool, own_provider: bool) -> None:
        self._converter = conversion.RecordConverter()
        self._places = PlacesInMemory() if content else None
        self._transcript = None if self._places is None else Transcript(self._places)
        self._event_content = event_content
        self._events: dict[str, list[Event]] | None = {} if events else None
        self._own_provider = own_provider
        self._run_start: dict[str, Any] | None = None

    def read(self, path: Path, at: int, line: bytes, *, already_sent: bool) -> ReadableSpan | None:
        """See :class:`tachograph_otlp.batches.ItemReader`."""
        match type_of(line):
            case "content":
                if self._places is not None:
                    self._places.add(path, at, line)
            case "span.end":
                record = None if already_sent else parse(line)
                return None if record is None else self._span(record)
            case "process" | "scope":
                self._converter.read(line)
            case "event":
                record = parse(line)
                if record is not None:
                    self._event(record)
            case "run":
                record = parse(line)
                return None if record is None else self._run_span(record, already_sent=already_sent)
            case _:
                pass
        return None

    def _run_span(self, record: dict[str, Any], *, already_sent: bool) -> ReadableSpan | None:
        if record.get("state") == "start":
            self._run_start = record
        elif record.get("state") == "end" and self._run_start is not None and not already_sent:
            return root_span(self._run_start, record, self._converter.resource)
        return None

    def _event(self, record: dict[str, Any]) -> None:
        if self._events is None or "span_id" not in record or (record.get("own_provider") and not self._own_provider):
            return
        if len(self._events) >= _MOST_OPEN:
            self._events.pop(next(iter(self._events)))
        events = self._events.setdefault(record["span_id"], [])
        if len(events) < _MOST_EVENTS:
            events.append(conversion.event(record if self._event_content else conversion.without_content(record)))

    def _span(self, record: dict[str, Any]) -> ReadableSpan | None:
        events = self._events.pop(record["span_id"], []) if self._events else []
        if not record.get("sampled", True) or (self._converter.sent_by_program and not self._own_provider):
            return None
        attributes = conversion.table(record, "attributes")
        if self._transcript is not None:
            attributes = self._transcript.inline(attributes)
        else:
            attributes = without_content(attributes)
            for event in rows(record, "events"):
                event["attributes"] = without_content(conversion.table(event, "attributes"))
        return self._converter.span(record, attributes, events)
