"""The report of a run: one versioned document with a published JSON Schema.

The fields of :class:`RunReport` are the table of the sections: each names the section that fills it. To add a section,
add a module to `folding/sections` and a field here.

A number that is not known is null, never 0. Times are ns since the epoch, durations ns, money is a decimal in a string.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tachograph.report.folding.section import From, Section
from tachograph.report.folding.sections.calls import Call, Calls
from tachograph.report.folding.sections.costs import CostReport, Costs
from tachograph.report.folding.sections.doubles import Double, Doubles
from tachograph.report.folding.sections.dropped import Dropped, Losses
from tachograph.report.folding.sections.errors import ErrorReport, Errors
from tachograph.report.folding.sections.events import EventReport, Events
from tachograph.report.folding.sections.models import Models, ModelShare
from tachograph.report.folding.sections.outcome import Outcome, Outcomes
from tachograph.report.folding.sections.phases import Phases, Timing
from tachograph.report.folding.sections.processes import Process, Processes
from tachograph.report.folding.sections.redactions import DifferentSecrets, Redactions
from tachograph.report.folding.sections.run_facts import Run, RunFacts
from tachograph.report.folding.sections.sent import Sent, SentSignals
from tachograph.report.folding.sections.span_count import SpanCount
from tachograph.report.folding.sections.tokens import TokenReport, TokenSum
from tachograph.report.folding.sections.unfinished_spans import OpenSpan, UnfinishedSpans
from tachograph.report.folding.sections.warnings import Warnings
from tachograph.report.part import Part

__all__ = ["SECTIONS", "RunReport", "json_schema"]


class RunReport(Part):
    """The report of one run."""

    schema_version: Literal[1] = 1
    made_by: str = Field(description="The version of tachograph that folded it")
    run: Annotated[Run, From(RunFacts)]
    outcome: Annotated[Outcome, From(Outcomes)]
    tokens: Annotated[TokenReport, From(TokenSum)]
    cost: Annotated[CostReport, From(Costs)]
    timing: Annotated[Timing, From(Phases)]
    models: Annotated[list[ModelShare], From(Models)] = Field(description="By number of calls, most first")
    calls: Annotated[list[Call], From(Calls)] = Field(description="In order of their start")
    errors: Annotated[list[ErrorReport], From(Errors)]
    open_spans: Annotated[list[OpenSpan], From(UnfinishedSpans)] = Field(description="Oldest first")
    spans: Annotated[int, From(SpanCount)] = Field(description="Spans that ended")
    processes: Annotated[list[Process], From(Processes)]
    events: Annotated[list[EventReport], From(Events)]
    redactions: Annotated[dict[str, int], From(Redactions)] = Field(description="Type to count")
    secrets: Annotated[dict[str, int], From(DifferentSecrets)] = Field(
        default={}, description="Type to number of different values, for types whose markers have tags"
    )
    doubles: Annotated[list[Double], From(Doubles)]
    sent: Annotated[list[Sent], From(SentSignals)] = Field(
        default=[], description="By signal; empty if nothing is sent over OTLP"
    )
    dropped: Annotated[Dropped, From(Losses)]
    warnings: Annotated[list[str], From(Warnings)]


SECTIONS: dict[str, type[Section[Any]]] = {
    name: mark.section
    for name, field in RunReport.model_fields.items()
    for mark in field.metadata
    if isinstance(mark, From)
}
"""The section that makes each member of a report, by the name of the member."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``report.json``."""
    schema = RunReport.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
