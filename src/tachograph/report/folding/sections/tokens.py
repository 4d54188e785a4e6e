"""The member `tokens` of the report: the sum over the calls that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls, Tokens, tokens_of
from tachograph.report.part import Part
from tachograph.report.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tachograph.report.folding.call import CallFacts


class ProvenanceCounts(Part):
    """Number of calls by where their token counts come from."""

    reported: int = 0
    estimated: int = 0
    missing: int = 0


class TokenReport(Part):
    """The tokens of all calls of the run."""

    sum: Tokens = Field(description="Sum over the calls of the known counts")
    complete: bool = Field(description="Whether the counts of every call are known")
    provenance: ProvenanceCounts


class TokenSum(Section[TokenReport]):
    """Adds up the tokens of the calls that count."""

    def report(self) -> TokenReport:
        """The sum of tokens, and whether it is complete."""
        calls = self.fold.section(Calls)
        total = Usage()
        for call in calls.counted:
            total.add(call.usage)
        complete = not calls.unfinished and all(call.usage.total is not None for call in calls.counted)
        return TokenReport(sum=tokens_of(total), complete=complete, provenance=provenance_of(calls.counted))


def provenance_of(calls: Iterable[CallFacts]) -> ProvenanceCounts:
    """Number of calls by where their token counts come from."""
    counts = {"reported": 0, "estimated": 0, "missing": 0}
    for call in calls:
        counts[call.provenance] += 1
    return ProvenanceCounts(**counts)
