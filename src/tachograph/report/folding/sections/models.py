"""The member `models` of the report: calls, tokens and cost of each model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Amount, Calls, Tokens, tokens_of
from tachograph.report.folding.sections.costs import totals_of
from tachograph.report.folding.sections.tokens import ProvenanceCounts, provenance_of
from tachograph.report.part import Part
from tachograph.report.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.report.folding.call import CallFacts


class Share(Part):
    """The calls of one model or one iteration, with their tokens and cost."""

    calls: int
    tokens: Tokens
    provenance: ProvenanceCounts
    costs: list[Amount] = Field(description="The known cost, one entry for each currency")
    unpriced: int = Field(description="Calls whose cost is unknown")


class ModelShare(Share):
    """The calls of one model, with their tokens and cost."""

    model: str | None
    provider: str | None


class Models(Section[list[ModelShare]]):
    """Groups the calls that count by model and provider."""

    def report(self) -> list[ModelShare]:
        """One entry for each model, the one with most calls first."""
        groups: dict[tuple[str | None, str | None], list[CallFacts]] = {}
        for call in self.fold.section(Calls).counted:
            groups.setdefault((call.model, call.provider), []).append(call)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))
        return [ModelShare(model=model, provider=provider, **share_of(calls)) for (model, provider), calls in ordered]


def share_of(calls: Sequence[CallFacts]) -> dict[str, Any]:
    """The members of a :class:`Share` for some calls."""
    usage = Usage()
    for call in calls:
        usage.add(call.usage)
    return {
        "calls": len(calls),
        "tokens": tokens_of(usage),
        "provenance": provenance_of(calls),
        "costs": totals_of(calls),
        "unpriced": sum(1 for call in calls if call.priced is None or call.priced.amount is None),
    }
