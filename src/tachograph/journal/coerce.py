"""Checks values of records before they are used, because a journal can hold anything."""

from __future__ import annotations

from typing import Any, cast

_INTEGERS = frozenset({"pid", "child_pid", "time_ns", "start_ns", "duration_ns", "end_ns"})
_IDS = frozenset({"run", "trace_id", "span_id"})


def text_of(value: object) -> str | None:
    """The value if it is a text that is not empty, else None."""
    return value if isinstance(value, str) and value else None


def texts_of(value: object) -> list[str]:
    """The value as a list of texts; a single text becomes a list of one, anything else an empty list."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in cast("list[object]", value)] if isinstance(value, list) else []


def table_of(value: object) -> dict[str, Any]:
    """The value if it is a table, else an empty table."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def integer_of(value: object) -> int | None:
    """The value if it is an integer and no bool, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def check(record: dict[str, Any]) -> None:
    """Check that the times and process ids of a record are integers, and its other ids texts.

    Raises
    ------
    TypeError
        If one of them is not: no recorder wrote the record.
    """
    for name in _INTEGERS & record.keys():
        if type(record[name]) is not int:
            raise TypeError(f"{name} is no integer")
    for name in _IDS & record.keys():
        if type(record[name]) is not str:
            raise TypeError(f"{name} is no text")


def rows(record: dict[str, Any], member: str) -> list[dict[str, Any]]:
    """A member that is a list of tables; an item that could not be sealed becomes an empty table.

    Parameters
    ----------
    record
        A record or a part of one.
    member
        The member's name.
    """
    value: object = record.get(member)
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in listed]
