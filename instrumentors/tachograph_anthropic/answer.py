"""What a whole answer says: of the messages API, and of the text completions that releases before 1.0 have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.semconv import genai, tachograph
from tachograph_anthropic.fields import fields, text
from tachograph_anthropic.parts import parts
from tachograph_anthropic.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime import Message, Recorder
    from tachograph.runtime.recording import Part


def add_answer(into: dict[str, Any], answer: object, to: Recorder) -> None:
    """Add what an answer says to the attributes of its call, and keep its content where that is on.

    Parameters
    ----------
    into
        The attributes.
    answer
        A `Message`, a `Completion`, or the decoded body of either.
    to
        Where content is kept.
    """
    own = fields(answer)
    add_identity(into, own)
    add_usage(into, fields(own.get("usage")))
    reason = text(own.get("stop_reason"))
    if reason is not None:
        into[genai.RESPONSE_FINISH_REASONS] = [reason]
    if to.content_on:
        content = own.get("content")
        keep_output(into, parts(own.get("completion") if content is None else content), reason, to)


def add_identity(into: dict[str, Any], own: Mapping[str, Any]) -> None:
    """Add the id of an answer and the model that gave it, where they are known."""
    name = own.get("id")
    if isinstance(name, str):
        into[genai.RESPONSE_ID] = name
    model = own.get("model")
    if isinstance(model, str):
        into[genai.RESPONSE_MODEL] = model


def keep_output(into: dict[str, Any], said: list[Part], reason: str | None, to: Recorder) -> None:
    """Keep an answer and refer to it in the attributes of its call; nothing is kept of an empty one."""
    if not said:
        return
    message: Message = {"role": "assistant", "parts": said}
    if reason is not None:
        message["finish_reason"] = reason
    name = to.content(message)
    if name is not None:
        into[tachograph.CONTENT_OUTPUT] = name
