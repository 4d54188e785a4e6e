"""How the calls of one endpoint of a provider are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tachograph.instrument.stream import Accumulator
    from tachograph.runtime.recording import Recorder

    Fields = Mapping[str, Any]


class Endpoint(NamedTuple):
    """Pure functions that read the calls of one endpoint. They may raise: it is caught in one place.

    Parameters
    ----------
    operation
        The value of ``gen_ai.operation.name``, the first word of the span's name.
    request
        Attributes known from the request's body, content included.
    answer
        Attributes known from an answer that came as a whole, content included. It is given the members of the answer,
        those of a model and those of plain JSON alike.
    accumulator
        Makes what gathers the chunks of an answer that comes as a stream; its ``add`` takes models and plain JSON
        alike.
    """

    operation: str
    request: Callable[[Fields, Recorder], dict[str, Any]]
    answer: Callable[[Fields, Recorder], dict[str, Any]]
    accumulator: Callable[[], Accumulator]


_NONE: Fields = {}
_LEAVES: frozenset[object] = frozenset({type(None), str, int, float, bool, list})
# `type` without its narrowing: a container of unknown types would be of unknown type.
_type: Callable[[object], object] = type


def members(value: Any) -> Fields:
    """The members of a JSON object or of a model, nothing of anything else.

    A model's fields are read from its ``__dict__``, where both generations of pydantic keep them: no descriptor runs,
    and a model that was built from a malformed answer does not mind. What a model does not declare, as compatible
    providers and newer releases send it, is a member as well.
    """
    kind = _type(value)
    if kind is dict:
        return value
    if kind in _LEAVES:
        return _NONE
    try:
        declared: dict[str, Any] = value.__dict__
        undeclared: dict[str, Any] | None = value.__pydantic_extra__
    except AttributeError:
        # Of the first generation of pydantic, or no model at all.
        return getattr(value, "__dict__", _NONE)
    return {**declared, **undeclared} if undeclared else declared


def items(value: Any) -> list[Any]:
    """A list of what can be read without using it up; an iterator is the program's to read, once."""
    kind = value.__class__
    if kind is list:
        return value
    return list(value) if kind is tuple or issubclass(kind, list | tuple) else []


def count_or_none(value: object) -> int | None:
    """The value if it is a count, a whole number from 0 on; else None."""
    return value if type(value) is int and value >= 0 else None


def text_or_none(value: object) -> str | None:
    """The value if it is a non-empty string, else None."""
    return value if isinstance(value, str) and value else None
