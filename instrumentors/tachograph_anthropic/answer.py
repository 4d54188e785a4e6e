"""What a whole answer says: of the messages API, and of the text completions that releases before 1.0 have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import members, text_or_none
from tachograph.semconv import genai, tacho
from tachograph_anthropic.parts import parts
from tachograph_anthropic.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part, Recorder


def answer(fields: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its content.

    Parameters
    ----------
    fields
        The members of a `Message` or a `Completion`.
    to
        Where content is kept.
    """
    attributes: dict[str, Any] = {}
    add_identity(attributes, fields)
    add_usage(attributes, members(fields.get("usage")))
    reason = text_or_none(fields.get("stop_reason"))
    if reason is not None:
        attributes[genai.RESPONSE_FINISH_REASONS] = [reason]
    if to.content_on:
        content = fields.get("content")
        keep_output(attributes, parts(fields.get("completion") if content is None else content), reason, to)
    return attributes


def add_identity(into: dict[str, Any], fields: Mapping[str, Any]) -> None:
    """Add the id of an answer and the model that gave it, where they are known."""
    name = fields.get("id")
    if isinstance(name, str):
        into[genai.RESPONSE_ID] = name
    model = fields.get("model")
    if isinstance(model, str):
        into[genai.RESPONSE_MODEL] = model


def keep_output(into: dict[str, Any], parts_of_answer: list[Part], reason: str | None, to: Recorder) -> None:
    """Keep an answer and refer to it in the attributes of its call; nothing is kept of an empty one."""
    if not parts_of_answer:
        return
    message: Message = {"role": "assistant", "parts": parts_of_answer}
    if reason is not None:
        message["finish_reason"] = reason
    name = to.content(message)
    if name is not None:
        into[tacho.CONTENT_OUTPUT] = name
