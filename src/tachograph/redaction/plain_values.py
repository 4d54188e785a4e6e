"""Converts any object to a plain JSON value without calling any code of the object."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
import pathlib
import uuid
from typing import Any, cast

_INT64 = 1 << 63
_MOST_BITS = 4096
_MOST_NAME = 120
_MRO = type.__dict__["__mro__"].__get__
_TIMES = (dt.datetime, dt.date, dt.time)
_OWN_ZONES: tuple[type, ...] = (type(None), dt.timezone)
_PATHS: tuple[type, ...] = (pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)


def name_of(value: object) -> str:
    """The type of a value as ``<module.Type>``; no code of the value is called."""
    kind = type(value)
    module = type.__dict__["__dict__"].__get__(kind).get("__module__")
    name: str = type.__dict__["__name__"].__get__(kind)
    full = f"{module}.{name}" if type(module) is str and module != "builtins" else name
    return f"<{full[:_MOST_NAME]}>"


def base_of(value: object) -> type | None:
    """The plain type that a value is or derives from; None for everything else."""
    kind = type(value)
    for base in _MRO(kind):
        if base in _BASES:
            return base
    return None


_BASES = frozenset({str, int, float, bool, type(None), dict, list, tuple, set, frozenset, bytes, bytearray, memoryview})


def text_of(value: object) -> str | None:
    """Text form of well-known non-JSON types (datetime, UUID, Decimal, Path); None for all others."""
    kind = type(value)
    if kind in _TIMES:
        if type(getattr(value, "tzinfo", None)) in _OWN_ZONES:
            return cast("dt.date", value).isoformat()
        return name_of(value)
    if kind is dt.timedelta or kind is uuid.UUID or kind is decimal.Decimal or kind in _PATHS:
        return str(value)
    return None


def enum_value(value: object) -> tuple[Any] | None:
    """The value of a member of an enumeration, in a tuple of one; None for everything else."""
    if enum.Enum not in _MRO(type(value)):
        return None
    member = object.__getattribute__(value, "__dict__").get("_value_", None)
    return (member,)


def integer(value: int) -> int | str:
    """An integer for JSON: beyond 64 bits its digits as text, beyond 4096 bits its size."""
    plain = int.__int__(value)
    if -_INT64 <= plain < 2 * _INT64:
        return plain
    return str(plain) if plain.bit_length() <= _MOST_BITS else f"<int of {plain.bit_length()} bits>"


def number(value: float) -> float | None:
    """A float for JSON: null for infinity and NaN."""
    plain = float.__float__(value)
    return plain if math.isfinite(plain) else None


def characters(value: str) -> bytes:
    """Text as UTF-8; half a surrogate pair becomes U+FFFD."""
    plain = str.__str__(value)
    try:
        return plain.encode()
    except UnicodeEncodeError:
        return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def octets(value: bytes | bytearray | memoryview) -> bytes:
    """Bytes as text if they are UTF-8, otherwise the number of bytes."""
    body = bytes(memoryview(value))
    try:
        body.decode()
    except UnicodeDecodeError:
        return b"<%d bytes>" % len(body)
    return body
