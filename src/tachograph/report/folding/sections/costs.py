"""The member `cost` of the report: the cost of the calls, and what is missing in it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Amount, Calls, plain
from tachograph.report.part import Money, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tachograph.report.folding.call import CallFacts
    from tachograph.report.prices import Applied


class Rates(Part):
    """Prices that were applied to calls, per million tokens."""

    model: str
    provider: str | None
    currency: str
    source: str = Field(description="Where they come from: genai-prices with its version, or the user's rates")
    since: str | None = Field(
        default=None, description="First day on which they are valid; null if the source does not say"
    )
    rates: dict[str, Money] = Field(description="Class of tokens to price per million")
    calls: int = Field(description="Calls priced with them")


class Unpriced(Part):
    """Calls of one model whose cost is unknown for the same reason."""

    model: str | None
    reason: str
    calls: int


class CostReport(Part):
    """The cost of the run."""

    total: Money | None = Field(description="null if nothing could be priced, or prices are in several currencies")
    currency: str | None
    totals: list[Amount] = Field(description="The known cost, one entry for each currency")
    complete: bool = Field(description="Whether every call is priced; otherwise the total is a lower bound")
    estimated: bool = Field(description="Whether it includes estimated token counts")
    rates: list[Rates]
    unpriced: list[Unpriced]
    notes: list[str] = Field(
        description="What to know about the prices, e.g. a class of tokens without a separate rate"
    )


class Costs(Section[CostReport]):
    """Adds up the cost of the calls that count."""

    def report(self) -> CostReport:
        """The cost, the prices that were applied, and the calls without a price."""
        calls, unfinished = self.fold.section(Calls).counted, self.fold.section(Calls).unfinished
        applied: Counter[Applied] = Counter()
        unpriced: Counter[tuple[str | None, str]] = Counter()
        notes: dict[str, None] = {}
        for call in calls:
            priced = call.priced
            if priced is None or priced.applied is None:
                reason = "its price was not looked up" if priced is None or priced.reason is None else priced.reason
                unpriced[call.model, reason] += 1
                continue
            applied[priced.applied] += 1
            if priced.note is not None:
                notes[priced.note] = None
        if unfinished:
            unpriced[None, "how it ended is not known"] += unfinished
        totals = totals_of(calls)
        only_total = totals[0] if len(totals) == 1 else None
        if len(totals) > 1:
            notes["several currencies are not added up"] = None
        return CostReport(
            total=only_total.amount if only_total is not None else None,
            currency=only_total.currency if only_total is not None else None,
            totals=totals,
            complete=not unpriced,
            estimated=any(c.provenance == "estimated" and c.priced and c.priced.amount is not None for c in calls),
            rates=[_rates(prices, count) for prices, count in applied.most_common()],
            unpriced=[
                Unpriced(model=model, reason=reason, calls=count) for (model, reason), count in unpriced.most_common()
            ],
            notes=list(notes),
        )


def totals_of(calls: Iterable[CallFacts]) -> list[Amount]:
    """The known cost of calls, one entry for each currency."""
    totals: dict[str, Decimal] = {}
    for call in calls:
        priced = call.priced
        if priced is not None and priced.amount is not None and priced.applied is not None:
            currency = priced.applied.currency
            totals[currency] = totals.get(currency, Decimal(0)) + priced.amount
    return [Amount(amount=plain(totals[currency]), currency=currency) for currency in sorted(totals)]


def _rates(prices: Applied, calls: int) -> Rates:
    return Rates(
        model=prices.model,
        provider=prices.provider,
        currency=prices.currency,
        source=prices.source,
        since=prices.since,
        rates={name: plain(price) for name, price in prices.rates},
        calls=calls,
    )
