"""Embeddings: what a request asks, and what an answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members
from tachograph.semconv import genai, tacho
from tachograph_openai.chat import identity
from tachograph_openai.parameters import keep, parameters, without_unknown
from tachograph_openai.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Part, Recorder


def request(body: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of a request; keeps the texts, one part each.

    Parameters
    ----------
    body
        The body as it is sent.
    to
        Where content is kept.
    """
    attributes = parameters(body)
    encoding = body.get("encoding_format")
    if isinstance(encoding, str):
        attributes[genai.REQUEST_ENCODING_FORMATS] = [encoding]
    if to.content_on:
        attributes[tacho.CONTENT_INPUT] = keep(to, {"role": "user", "parts": texts(body.get("input"))})
    return without_unknown(attributes)


def texts(value: object) -> list[Part]:
    """The texts among what is given, which may also be tokens."""
    given = [value] if isinstance(value, str) else items(value)
    return [{"type": "text", "content": text} for text in given if isinstance(text, str)]


def answer(fields: Mapping[str, Any], to: Recorder) -> dict[str, Any]:  # noqa: ARG001 - as every reader of answers
    """Attributes of an answer; the embeddings themselves are not kept.

    Parameters
    ----------
    fields
        The members of the answer.
    to
        Where content would be kept.
    """
    attributes = identity(fields)
    add_usage(attributes, fields.get("usage"))
    data = items(fields.get("data"))
    first = members(data[0]).get("embedding") if data else None
    numbers = items(first)
    if numbers:
        attributes[genai.EMBEDDINGS_DIMENSION_COUNT] = len(numbers)
    return attributes


class NoAccumulator:
    """Embeddings do not come as streams; a program that asks for one by hand gets what it would."""

    complete = False

    def add(self, chunk: object, /) -> None:
        """See a chunk."""

    def attributes(self, to: Recorder, /) -> dict[str, Any]:  # noqa: ARG002 - as every accumulator
        """Nothing is known."""
        return {tacho.TOKENS_PROVENANCE: tacho.PROVENANCE_MISSING}
