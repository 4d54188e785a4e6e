"""The member `open_spans` of the report: spans that started and never ended."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from tachograph.journal.coerce import text_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.processes import Processes
from tachograph.report.part import Part, ProcessEnd

if TYPE_CHECKING:
    from typing import Any

    from tachograph.journal import Source
    from tachograph.report.folding.open_spans import Ancestry
    from tachograph.report.folding.sections.process_ends import End


class OpenSpan(Part):
    """A span that started and never ended."""

    span_id: str
    trace_id: str
    name: str
    pid: int
    thread: str | None
    phase: str | None
    iteration: int | None
    start_ns: int
    open_ns: int = Field(description="How long it had been open when its process ended or gave its last sign of life")
    at_least: bool = Field(
        description="Whether the time of the end is unknown, so that it may have been open for longer"
    )
    process: ProcessEnd = Field(description="How the process it was open in ended")


class Unfinished(NamedTuple):
    """A span that never ended: the record of its start, the spans around it, and the end of its process."""

    source: Source
    record: dict[str, Any]
    ancestry: Ancestry
    end: End

    @property
    def until_ns(self) -> int:
        """The time until which it was open at least, in ns since the epoch."""
        return max(self.end.at_ns, self.record["start_ns"])


class UnfinishedSpans(Section[list[OpenSpan]]):
    """Lists the spans that never ended."""

    @cached_property
    def spans(self) -> list[Unfinished]:
        """The spans, oldest first; available once all records have been read."""
        ends = self.fold.section(Processes).ends
        open_spans = self.fold.open_spans
        return [
            Unfinished(
                span.source,
                span.record,
                span.ancestry or open_spans.ancestry(span.record.get("parent_id")),
                ends.of(span.source),
            )
            for span in open_spans.remaining()
        ]

    def report(self) -> list[OpenSpan]:
        """The spans as parts of the report, oldest first."""
        return [
            OpenSpan(
                span_id=record["span_id"],
                trace_id=text_of(record.get("trace_id")) or "",
                name=text_of(record.get("name")) or "?",
                pid=source.pid,
                thread=text_of(record.get("thread")),
                phase=ancestry.phase,
                iteration=ancestry.iteration,
                start_ns=record["start_ns"],
                open_ns=max(end.at_ns - record["start_ns"], 0),
                at_least=end.at_least,
                process=end.end,
            )
            for source, record, ancestry, end in self.spans
        ]
