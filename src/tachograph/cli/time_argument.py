"""Times as they are typed on the command line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tachograph.errors import UsageError

_AGO = re.compile(r"(\d+)\s*([smhdw])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment_ns(text: str, option: str, now: datetime | None = None) -> int:
    """The time that a text names, in ns since the epoch.

    Parameters
    ----------
    text
        ``2026-11-20``, ``2026-11-20 14:03``, ``today``, ``yesterday``, or so long ago: ``90s``, ``30m``, ``2h``,
        ``3d``, ``1w``. Without a time zone, the local one is used.
    option
        The option it was typed for, for the message.
    now
        What it is relative to; None means now.

    Raises
    ------
    UsageError
        When it is not a time.
    """
    now = now or datetime.now().astimezone()
    word = text.strip().lower()
    try:
        if match := _AGO.match(word):
            at = now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        elif word in {"today", "yesterday"}:
            at = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=word == "yesterday")
        else:
            at = datetime.fromisoformat(text.strip()).astimezone()
        return int(at.timestamp() * 1_000_000) * 1_000
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f'{option} "{text}" is not a time. Use 2026-11-20, "2026-11-20 14:03", today, yesterday, 30m, 2h or 3d.'
        ) from error
