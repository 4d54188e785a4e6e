"""Values of records as they should be; a journal can hold anything, so they are looked at before use."""

from __future__ import annotations

from typing import Any, cast


def text_of(value: object) -> str | None:
    """A text that is not empty, None for anything else."""
    return value if isinstance(value, str) and value else None


def texts_of(value: object) -> list[str]:
    """A list of texts; one text is a list of one."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def table_of(value: object) -> dict[str, Any]:
    """A table, an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def integer_of(value: object) -> int | None:
    """A whole number, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def rows(record: dict[str, Any], member: str) -> list[dict[str, Any]]:
    """A member that is a list of tables; what could not be sealed is an empty one.

    Parameters
    ----------
    record
        A record or a part of one.
    member
        The member's name.
    """
    found: object = record.get(member)
    listed = cast("list[Any]", found) if isinstance(found, list) else []
    return [row if isinstance(row, dict) else {} for row in listed]
