"""Reads the spans that are sent from the lines of a journal."""

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
"""Events a span is given; the SDK's own limit."""
_MOST_OPEN = 10_000


class SpanReader:
    """The spans of one journal.

    Parameters
    ----------
    content
        Whether prompts, answers and payloads are sent.
    event_content
        Whether those are sent that a record of the Logs API holds.
    events
        Whether what happened goes with the span it happened in, because it is not sent as a log record.
    own_provider
        Whether spans are sent that the program's own exporters get.
    """

    def __init__(self, *, content: bool, event_content: bool, events: bool, own_provider: bool) -> None:
        self._origin = conversion.Origin()
        self._places = PlacesInMemory() if content else None
        self._transcript = None if self._places is None else Transcript(self._places)
        self._event_content = event_content
        self._events: dict[str, list[Event]] | None = {} if events else None
        self._own_provider = own_provider
        self._run: dict[str, Any] | None = None

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> ReadableSpan | None:
        """See :class:`tachograph_otlp.batches.Reader`."""
        match type_of(line):
            case "content":
                if self._places is not None:
                    self._places.add(path, at, line)
            case "span.end":
                record = None if again else parse(line)
                return None if record is None else self._span(record)
            case "process" | "scope":
                self._origin.read(line)
            case "event":
                record = parse(line)
                if record is not None:
                    self._event(record)
            case "run":
                record = parse(line)
                return None if record is None else self._run_span(record, again=again)
            case _:
                pass
        return None

    def _run_span(self, record: dict[str, Any], *, again: bool) -> ReadableSpan | None:
        if record.get("state") == "start":
            self._run = record
        elif record.get("state") == "end" and self._run is not None and not again:
            return root_span(self._run, record, self._origin.resource)
        return None

    def _event(self, record: dict[str, Any]) -> None:
        if self._events is None or "span_id" not in record or (record.get("own_provider") and not self._own_provider):
            return
        if len(self._events) >= _MOST_OPEN:
            self._events.pop(next(iter(self._events)))
        held = self._events.setdefault(record["span_id"], [])
        if len(held) < _MOST_EVENTS:
            held.append(conversion.event(record if self._event_content else conversion.without_content(record)))

    def _span(self, record: dict[str, Any]) -> ReadableSpan | None:
        events = self._events.pop(record["span_id"], []) if self._events else []
        if not record.get("sampled", True) or (self._origin.sent_by_program and not self._own_provider):
            return None
        attributes = conversion.table(record, "attributes")
        if self._transcript is not None:
            attributes = self._transcript.inline(attributes)
        else:
            attributes = without_content(attributes)
            for event in rows(record, "events"):
                event["attributes"] = without_content(conversion.table(event, "attributes"))
        return self._origin.span(record, attributes, events)
