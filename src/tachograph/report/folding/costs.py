"""The cost of a run, call by call."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from tachograph.report.model import Amount, CostReport, Rates, Unpriced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tachograph.report.folding.calls import CallFacts
    from tachograph.report.prices import Applied, Priced, Pricer


def price_all(calls: Iterable[CallFacts], pricer: Pricer) -> None:
    """Price each call."""
    for call in calls:
        models = list(dict.fromkeys(name for name in (call.response_model, call.request_model) if name))
        call.priced = pricer.price(models, call.provider, call.host, call.usage, call.start_ns)


def amount_of(priced: Priced) -> Amount | None:
    """The price of a call as the report has it, None where it is unknown."""
    if priced.amount is None or priced.applied is None:
        return None
    return Amount(amount=_plain(priced.amount), currency=priced.applied.currency)


def totals_of(calls: Iterable[CallFacts]) -> list[Amount]:
    """The known cost of calls, one entry a currency."""
    totals: dict[str, Decimal] = {}
    for call in calls:
        priced = call.priced
        if priced is not None and priced.amount is not None and priced.applied is not None:
            currency = priced.applied.currency
            totals[currency] = totals.get(currency, Decimal(0)) + priced.amount
    return [Amount(amount=_plain(totals[currency]), currency=currency) for currency in sorted(totals)]


def cost_report(calls: Sequence[CallFacts], unfinished: int) -> CostReport:
    """The cost of the run.

    Parameters
    ----------
    calls
        The calls that count, priced.
    unfinished
        How many calls were open when their process died; what they cost nobody knows.
    """
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
    one = totals[0] if len(totals) == 1 else None
    if len(totals) > 1:
        notes["several currencies are not added up"] = None
    return CostReport(
        total=one.amount if one is not None else None,
        currency=one.currency if one is not None else None,
        totals=totals,
        complete=not unpriced,
        estimated=any(c.provenance == "estimated" and c.priced and c.priced.amount is not None for c in calls),
        rates=[_rates(prices, count) for prices, count in applied.most_common()],
        unpriced=[
            Unpriced(model=model, reason=reason, calls=count) for (model, reason), count in unpriced.most_common()
        ],
        notes=list(notes),
    )


def _rates(prices: Applied, calls: int) -> Rates:
    return Rates(
        model=prices.model,
        provider=prices.provider,
        currency=prices.currency,
        source=prices.source,
        since=prices.since,
        rates={name: _plain(price) for name, price in prices.rates},
        calls=calls,
    )


def _plain(amount: Decimal) -> Decimal:
    """The same number without zeros at its end, which say nothing and differ by where a price comes from."""
    return Decimal(0) if not amount else amount.normalize()
