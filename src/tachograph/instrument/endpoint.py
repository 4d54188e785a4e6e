"""What an instrumentor has to say about one endpoint of a provider."""

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


def members(value: Any) -> Fields:
    """The members of a JSON object or of a model, nothing of anything else.

    A model's fields are read from its ``__dict__``, where both generations of pydantic keep them: no descriptor runs,
    and a model that was built from a malformed answer does not mind. What a model does not declare, as compatible
    providers and newer releases send it, is a member as well.
    """
    if value.__class__ is dict:
        return value
    own = getattr(value, "__dict__", _NONE)
    undeclared = getattr(value, "__pydantic_extra__", None)
    return {**own, **undeclared} if undeclared else own


def text_or_none(value: object) -> str | None:
    """The value where it is a non-empty string."""
    return value if isinstance(value, str) and value else None
