"""Chat completions: what a request asks, and what an answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members, text_or_none
from tachograph.instrument.parts import blob
from tachograph.semconv import genai, tacho
from tachograph_openai.parameters import add_tools, parameters, without_unknown
from tachograph_openai.parts import content_parts, tool_call, tool_response
from tachograph_openai.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part, Recorder


_RESULTS = ("tool", "function")


def request(body: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of a request; keeps its messages and tools.

    Parameters
    ----------
    body
        The body as it is sent.
    to
        Where content is kept.
    """
    attributes = parameters(body)
    messages = items(body.get("messages"))
    if messages:
        attributes[tacho.INPUT_MESSAGE_COUNT] = len(messages)
        if to.content_on:
            attributes[tacho.CONTENT_INPUT] = to.chain(messages, message)
    if "tools" in body or "functions" in body:
        add_tools(attributes, body, to)
    return without_unknown(attributes)


def message(raw: object) -> Message:
    """A message of a request or of an answer.

    Parameters
    ----------
    raw
        One of ``messages`` or the ``message`` of a choice, as JSON or as a model.
    """
    fields = members(raw)
    role = fields.get("role")
    if len(fields) == 2 and type(role) is str and role not in _RESULTS:
        # The commonest message by far: a role and a text.
        content = fields.get("content")
        if type(content) is str and content:
            return {"role": role, "parts": [{"type": "text", "content": content}]}
    if role in _RESULTS:
        parts = [tool_response(fields.get("tool_call_id") or fields.get("name"), fields.get("content"))]
        return {"role": role, "parts": parts}
    parts = content_parts(fields.get("content"))
    reasoning = fields.get("reasoning_content") or fields.get("reasoning")
    if isinstance(reasoning, str):
        parts.insert(0, {"type": "reasoning", "content": reasoning})
    _add_rest(parts, fields)
    normalised: Message = {"role": role if isinstance(role, str) else "assistant", "parts": parts}
    name = fields.get("name")
    if isinstance(name, str):
        normalised["name"] = name
    return normalised


def _add_rest(parts: list[Part], fields: Mapping[str, Any]) -> None:
    refusal = fields.get("refusal")
    if isinstance(refusal, str):
        parts.append({"type": "text", "content": refusal})
    audio = fields.get("audio")
    if audio is not None:
        spoken = members(audio)
        parts.append(blob("audio", spoken.get("data")))
        if isinstance(spoken.get("transcript"), str):
            parts.append({"type": "text", "content": spoken["transcript"]})
    calls = fields.get("tool_calls")
    if calls is not None:
        for call in items(calls):
            asked = members(call)
            function = members(asked.get("function")) or members(asked.get("custom"))
            arguments = function.get("arguments") if "arguments" in function else function.get("input")
            parts.append(tool_call(asked.get("id"), function.get("name"), arguments))
    called = fields.get("function_call")
    if called is not None:
        asked = members(called)
        parts.append(tool_call(None, asked.get("name"), asked.get("arguments")))


def answer(fields: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its messages.

    Parameters
    ----------
    fields
        The members of the answer.
    to
        Where content is kept.
    """
    attributes = identity(fields)
    add_usage(attributes, fields.get("usage"))
    reasons: list[str] = []
    messages: list[Message] = []
    for choice in items(fields.get("choices")):
        chosen = members(choice)
        reason = text_or_none(chosen.get("finish_reason"))
        if reason is not None:
            reasons.append(reason)
        if to.content_on and chosen.get("message") is not None:
            normalised = message(chosen["message"])
            if reason is not None:
                normalised["finish_reason"] = reason
            messages.append(normalised)
    add_choices(attributes, reasons, messages, to)
    return attributes


def identity(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Who answered: id, model and tier, of any answer."""
    attributes: dict[str, Any] = {}
    value = fields.get("id")
    if type(value) is str and value:
        attributes[genai.RESPONSE_ID] = value
    value = fields.get("model")
    if type(value) is str and value:
        attributes[genai.RESPONSE_MODEL] = value
    value = fields.get("service_tier")
    if type(value) is str:
        attributes[tacho.SERVICE_TIER] = value
    return attributes


def add_choices(attributes: dict[str, Any], reasons: list[str], messages: list[Message], to: Recorder) -> None:
    """Add why the choices of an answer ended, and keep what they say."""
    if reasons:
        attributes[genai.RESPONSE_FINISH_REASONS] = reasons
    ids: list[str] = []
    for message in messages:
        content_id = to.content(message) if message.get("parts") else None
        if content_id is not None:
            ids.append(content_id)
    if ids:
        attributes[tacho.CONTENT_OUTPUT] = ",".join(ids)
