"""Formats times as people write them."""

from __future__ import annotations

from datetime import datetime


def moment(at_ns: int, now: datetime | None = None, *, clock: bool = False) -> str:
    """A time in a few words: the time of day for today, then ``yesterday``, the day, the date.

    Parameters
    ----------
    at_ns
        The time, in ns since the epoch; shown in the local time zone.
    now
        The time that "today" refers to; None means now.
    clock
        Whether only the time of day is shown.
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
