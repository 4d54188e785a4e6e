"""Spans of a second layer around calls that were counted once."""

from __future__ import annotations

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.part import Part


class Double(Part):
    """Spans of a second layer around calls that were counted once."""

    kept: str | None = Field(description="Scope whose span was counted")
    folded: str | None = Field(description="Scope whose span was not")
    calls: int


class Doubles(Section[list[Double]]):
    """Counts the spans that repeat a call."""

    def report(self) -> list[Double]:
        """One entry a pair of scopes, the commonest first."""
        pairs = self.fold.section(Calls).folded.doubles
        ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0])))
        return [Double(kept=kept, folded=gone, calls=count) for (kept, gone), count in ordered]
