"""The member `doubles` of the report: spans that were not counted because they repeat a call."""

from __future__ import annotations

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.part import Part


class Double(Part):
    """Spans of one scope that were not counted because they repeat calls of another scope."""

    kept: str | None = Field(description="Scope whose spans were counted")
    folded: str | None = Field(description="Scope whose spans were not counted")
    calls: int


class Doubles(Section[list[Double]]):
    """Counts the spans that repeat a call."""

    def report(self) -> list[Double]:
        """One entry for each pair of scopes, the most frequent first."""
        pairs = self.fold.section(Calls).folded.doubles
        ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0])))
        return [Double(kept=kept, folded=folded, calls=count) for (kept, folded), count in ordered]
