"""Prices calls by the user's rates or, for other models, by the dated prices of `genai-prices`.

Money is `Decimal` throughout. A price that is not known stays unknown, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tachograph.report.usage import Usage

_USER_RATES = "own rates"
_MILLION = Decimal(1_000_000)
_CLASSES = ("input", "cache_read", "cache_write", "cache_write_1h", "output")
_PRICE_KEYS = {
    "input": "input_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
    "output": "output_mtok",
}


class Applied(NamedTuple):
    """The prices that an amount was calculated with.

    Attributes
    ----------
    model, provider
        The entry of the price list; no provider for the user's rates.
    currency
        The currency of the prices.
    source
        The price list and its version, or the user's rates.
    since
        First day on which the prices are valid; None if the source does not say.
    rates
        Pairs of class of tokens and price per million.
    """

    model: str
    provider: str | None
    currency: str
    source: str
    since: str | None
    rates: tuple[tuple[str, Decimal], ...]


@dataclass(slots=True)
class Priced:
    """The price of one call.

    Attributes
    ----------
    amount
        The price; None if it is unknown.
    applied
        The prices it was calculated with; None if it is unknown.
    reason
        Why it is unknown; None if it is known.
    note
        What to know about the amount, if anything.
    """

    amount: Decimal | None = None
    applied: Applied | None = None
    reason: str | None = None
    note: str | None = None


class Pricer:
    """Prices calls.

    Parameters
    ----------
    rates
        The user's prices per million tokens: a model's name, or a pattern with ``*``, to classes (input, cache_read,
        cache_write, cache_write_1h, output). An exact name takes precedence over a pattern, a longer pattern over a
        shorter one; a pattern must match the whole name.
    currency
        The currency of `rates`.
    """

    def __init__(self, rates: Mapping[str, Mapping[str, float]] | None = None, currency: str = "USD") -> None:
        self._exact: dict[str, dict[str, Decimal]] = {}
        patterns: list[tuple[str, dict[str, Decimal]]] = []
        for model, entry in (rates or {}).items():
            # Converted through its text, a float becomes the number that was typed.
            prices = {name: Decimal(str(price)) for name, price in entry.items()}
            if "*" in model:
                patterns.append((model, prices))
            else:
                self._exact[model] = prices
        self._patterns = sorted(patterns, key=lambda pattern: (-len(pattern[0]), pattern[0]))
        self._currency = currency

    def price(
        self,
        models: Sequence[str],
        provider: str | None,
        server: str | None,
        usage: Usage,
        at_ns: int,
    ) -> Priced:
        """The price of one call.

        Parameters
        ----------
        models
            The names of the model, the best first: from the response, from the request.
        provider
            The provider's name in the terms of the GenAI conventions.
        server
            Host name of the server called.
        usage
            The tokens.
        at_ns
            The time of the call, in ns since the epoch: prices change.
        """
        if not models:
            return Priced(reason="the model is not known")
        if usage.total is None or usage.input is None:
            return Priced(reason="its tokens are not known")
        for name in models:
            rates = self._user_rates(name)
            if rates is not None:
                return self._by_user_rates(name, rates, usage)
        return _by_catalogue(models, provider, server, usage, at_ns)

    def _user_rates(self, model: str) -> dict[str, Decimal] | None:
        exact = self._exact.get(model)
        if exact is not None:
            return exact
        for pattern, prices in self._patterns:
            if fnmatchcase(model, _only_stars(pattern)):
                return prices
        return None

    def _by_user_rates(self, model: str, prices: dict[str, Decimal], usage: Usage) -> Priced:
        counts = _split(usage)
        missing = [name for name, count in counts.items() if count and name not in prices]
        if missing:
            return Priced(reason=f"your rates for it have no {' and no '.join(missing)}")
        rates = tuple((name, prices[name]) for name in _CLASSES if name in prices)
        return Priced(_amount(counts, prices), Applied(model, None, self._currency, _USER_RATES, None, rates))


def _only_stars(pattern: str) -> str:
    return pattern.replace("[", "[[]").replace("?", "[?]")


def _split(usage: Usage) -> dict[str, int]:
    """Counts by class of price. Cache writes of unknown lifetime have the price of the short one."""
    long = usage.cache_write_1h or 0
    return {
        "input": usage.input or 0,
        "cache_read": usage.cache_read or 0,
        "cache_write": max((usage.cache_write or 0) - long, 0),
        "cache_write_1h": long,
        "output": usage.output or 0,
    }


@cache
def _catalogue_version() -> str:
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"


def _by_catalogue(models: Sequence[str], provider: str | None, server: str | None, usage: Usage, at_ns: int) -> Priced:
    counts = _split(usage)
    at = datetime.fromtimestamp(at_ns / 1e9, UTC)
    for name in models:
        match = _find(name, provider, server)
        if match is None:
            continue
        owner, model = match
        price = model.get_prices(at)
        rates, applied = _applied(owner, model, price, at, sum(counts[key] for key in _CLASSES[:-1]))
        missing = [key for key, count in counts.items() if count and key not in rates]
        if "input" not in rates or ("output" in missing):
            return Priced(reason="the price list has no rate for its tokens")
        note = None
        if missing:
            note = f"{model.id} has no separate rate for {' and '.join(missing)}; the next more general rate was used"
        if not missing and price.requests_kcount is None:
            return Priced(_amount(counts, rates), applied)
        return Priced(
            model.calc_price(_billed(counts), owner, genai_request_timestamp=at).total_price, applied, note=note
        )
    return Priced(reason="no price is known")


_known: dict[tuple[str, str, int], tuple[Any, dict[str, Decimal], Applied]] = {}
"""What was applied of the prices of a catalogue, by the identity of these; they are kept with it."""


def _applied(owner: Any, model: Any, price: Any, at: datetime, input_tokens: int) -> tuple[dict[str, Decimal], Applied]:
    """The rates of a call, and what of the catalogue they are."""
    key = (owner.id, model.id, id(price))
    known = _known.get(key)
    if known is not None:
        return known[1], known[2]
    rates = _rates(price, input_tokens)
    applied = Applied(model.id, owner.id, "USD", _catalogue_version(), _since(model, at), tuple(sorted(rates.items())))
    if not any(hasattr(getattr(price, key, None), "tiers") for key in _PRICE_KEYS.values()):
        # Without tiers the rates are those of every call at these prices.
        _known[key] = (price, rates, applied)
    return rates, applied


def _amount(counts: Mapping[str, int], rates: Mapping[str, Decimal]) -> Decimal:
    return sum((rates[name] * count for name, count in counts.items() if count), Decimal(0)) / _MILLION


def _billed(counts: Mapping[str, int]) -> Any:
    from genai_prices import Usage as CatalogueUsage

    return CatalogueUsage(
        input_tokens=sum(counts[name] for name in _CLASSES[:-1]),
        cache_read_tokens=counts["cache_read"],
        cache_write_tokens=counts["cache_write"] + counts["cache_write_1h"],
        cache_write_1h_tokens=counts["cache_write_1h"],
        output_tokens=counts["output"],
    )


@lru_cache(1024)
def _find(model: str, provider: str | None, server: str | None) -> tuple[Any, Any] | None:
    """The provider and the model in the price list, None if it has no such model."""
    # Importing this takes half a second, so it is imported only if something has to be priced.
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    # A known host identifies the provider better than the client library does.
    if server:
        try:
            match: tuple[Any, Any] = snapshot.find_provider_model(model, None, None, f"https://{server}")
        except LookupError:
            pass
        else:
            return match
    try:
        return snapshot.find_provider_model(model, None, provider, None)
    except LookupError:
        return None


def _rates(price: Any, input_tokens: int) -> dict[str, Decimal]:
    rates: dict[str, Decimal] = {}
    for name, key in _PRICE_KEYS.items():
        value: Any = getattr(price, key, None)
        if value is None:
            continue
        tiers: list[Any] | None = getattr(value, "tiers", None)
        if tiers is not None:
            value = next((t.price for t in reversed(tiers) if input_tokens > t.start), value.base)
        rates[name] = value
    return rates


def _since(model: Any, at: datetime) -> str | None:
    """The first day of the prices that were valid at a time; None if they are not dated."""
    prices: Any = model.prices
    if not isinstance(prices, list):
        return None
    listed: list[Any] = prices  # pyright: ignore[reportUnknownVariableType] - the types of genai-prices are loose here
    for conditional in reversed(listed):
        constraint: Any = conditional.constraint
        if constraint is None:
            return None
        if constraint.active(at):
            start: Any = getattr(constraint, "start_date", None)
            return None if start is None else str(start)
    return None
