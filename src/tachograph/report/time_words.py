"""Moments as people say them."""

from __future__ import annotations

from datetime import datetime


def moment(at_ns: int, now: datetime | None = None, *, clock: bool = False) -> str:
    """A time in ns since the epoch in few words: the clock today, then ``yesterday``, the day, the date.

    Parameters
    ----------
    at_ns
        The time, in ns since the epoch; shown in the local time zone.
    now
        What "today" is measured by; None means now.
    clock
        The clock only.
    """
    now = now or datetime.now().astimezone()
    at = datetime.fromtimestamp(at_ns / 1e9, now.tzinfo)
    days = (now.date() - at.date()).days
    if clock or days == 0:
        return f"{at:%H:%M}"
    if days == 1:
        return "yesterday"
    day = f"{at.day} {at:%b}"
    return day if at.year == now.year else f"{day} {at.year}"
