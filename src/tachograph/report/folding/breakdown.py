"""What each model and each iteration took of a run: calls, tokens, cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tachograph.report.folding.costs import totals_of
from tachograph.report.folding.state import IterationFacts
from tachograph.report.folding.usage import Usage
from tachograph.report.model import Iteration, ModelShare, ProvenanceCounts, TokenReport, Tokens

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from tachograph.report.folding.calls import CallFacts
    from tachograph.report.folding.state import Folded


@dataclass(slots=True)
class _Sum:
    usage: Usage = field(default_factory=Usage)
    calls: list[CallFacts] = field(default_factory=list["CallFacts"])

    def members(self) -> dict[str, Any]:
        return {
            "calls": len(self.calls),
            "tokens": tokens_of(self.usage),
            "provenance": _provenance(self.calls),
            "costs": totals_of(self.calls),
            "unpriced": sum(1 for call in self.calls if call.priced is None or call.priced.amount is None),
        }


def tokens_of(usage: Usage) -> Tokens:
    """Tokens as the report has them."""
    return Tokens(**asdict(usage))


def token_report(calls: Sequence[CallFacts], unfinished: int) -> TokenReport:
    """The tokens of the run.

    Parameters
    ----------
    calls
        The calls that count.
    unfinished
        How many calls were open when their process died.
    """
    total = Usage()
    for call in calls:
        total.add(call.usage)
    provenance = _provenance(calls)
    complete = not unfinished and all(call.usage.total is not None for call in calls)
    return TokenReport(sum=tokens_of(total), complete=complete, provenance=provenance)


def models_of(calls: Sequence[CallFacts]) -> list[ModelShare]:
    """The share of each model, the one with most calls first."""
    sums = _grouped((call.model, call.provider) for call in calls)
    for call in calls:
        _put(sums[call.model, call.provider], call)
    ordered = sorted(sums.items(), key=lambda item: (-len(item[1].calls), str(item[0])))
    return [ModelShare(model=model, provider=provider, **found.members()) for (model, provider), found in ordered]


def iterations_of(folded: Folded, calls: Sequence[CallFacts]) -> list[Iteration]:
    """The share of each iteration, in order of their numbers."""
    numbers = {*folded.iterations, *(n for call in calls if (n := call.ancestry.iteration) is not None)}
    sums = _grouped(numbers)
    for call in calls:
        if call.ancestry.iteration is not None:
            _put(sums[call.ancestry.iteration], call)
    found: list[Iteration] = []
    for number in sorted(numbers):
        facts = folded.iterations.get(number) or IterationFacts()
        found.append(Iteration(number=number, count=facts.count, sum_ns=facts.sum_ns, **sums[number].members()))
    return found


def _grouped(keys: Iterable[Hashable]) -> dict[Any, _Sum]:
    return {key: _Sum() for key in keys}


def _put(to: _Sum, call: CallFacts) -> None:
    to.usage.add(call.usage)
    to.calls.append(call)


def _provenance(calls: Sequence[CallFacts]) -> ProvenanceCounts:
    counts = {"reported": 0, "estimated": 0, "missing": 0}
    for call in calls:
        counts[call.provenance] += 1
    return ProvenanceCounts(**counts)
