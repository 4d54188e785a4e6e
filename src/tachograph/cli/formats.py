"""Numbers, durations and amounts, formatted for people."""

from __future__ import annotations

from decimal import Decimal

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_UNKNOWN = "-"


def duration(ns: int | None) -> str:
    """A duration in ns: ``840ms``, ``11.2s``, ``3m 02s``, ``2h 05m``."""
    if ns is None:
        return _UNKNOWN
    if ns < 999_500_000:
        ms = ns / 1e6
        return f"{ms:.0f}ms" if ms >= 10 or ns == 0 else f"{ms:.1f}ms"
    seconds = ns / 1e9
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    minutes = round(seconds / 60)
    return f"{minutes // 60}h {minutes % 60:02d}m"


def money(amount: Decimal | str, currency: str) -> str:
    """An amount: ``$0.4127``; with more digits if these would all be zeros."""
    value = Decimal(amount)
    text = f"{value:,.4f}"
    if value and abs(value) < Decimal("0.001"):
        text = f"{value:.{1 - value.adjusted()}f}".rstrip("0")
    sign = _SIGNS.get(currency)
    return f"{text} {currency}" if sign is None else f"{sign}{text}"


def count(number: int | None) -> str:
    """A count: ``182,304``."""
    return _UNKNOWN if number is None else f"{number:,}"


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """A count with its noun: ``1 call``, ``14 calls``."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
