"""Reads the fields of what the client sends and receives, be it a plain dict or a model of any release of the client.

The models are never dumped and no method of theirs is called: a field is looked up where pydantic keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

_NONE: Mapping[str, Any] = {}


def fields(value: object) -> Mapping[str, Any]:
    """The fields of a dict or a model; empty for anything else.

    Parameters
    ----------
    value
        A part of a request or an answer.

    Returns
    -------
    Mapping
        The dict itself or the model's own one; it is only to be read. A field the release of the client does not know
        is in it too.
    """
    if type(value) is dict:
        return cast("Mapping[str, Any]", value)
    try:
        own = value.__dict__
    except AttributeError:
        return _NONE
    extra: object = getattr(value, "__pydantic_extra__", None)
    if extra and type(extra) is dict:
        return {**own, **cast("Mapping[str, Any]", extra)}
    return own


def text(value: object) -> str | None:
    """The value where it is text."""
    return value if isinstance(value, str) else None


def count(value: object) -> int | None:
    """The value where it is a count: a whole number, zero or more."""
    return value if type(value) is int and value >= 0 else None
