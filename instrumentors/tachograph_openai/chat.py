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
    found = parameters(body)
    messages = items(body.get("messages"))
    if messages:
        found[tacho.INPUT_MESSAGE_COUNT] = len(messages)
        if to.content_on:
            found[tacho.CONTENT_INPUT] = to.chain(messages, message)
    if "tools" in body or "functions" in body:
        add_tools(found, body, to)
    return without_unknown(found)


def message(raw: object) -> Message:
    """A message of a request or of an answer.

    Parameters
    ----------
    raw
        One of ``messages`` or the ``message`` of a choice, as JSON or as a model.
    """
    own = members(raw)
    role = own.get("role")
    if len(own) == 2 and type(role) is str and role not in _RESULTS:
        # The commonest message by far: a role and a text.
        content = own.get("content")
        if type(content) is str and content:
            return {"role": role, "parts": [{"type": "text", "content": content}]}
    if role in _RESULTS:
        said = [tool_response(own.get("tool_call_id") or own.get("name"), own.get("content"))]
        return {"role": role, "parts": said}
    parts = content_parts(own.get("content"))
    reasoning = own.get("reasoning_content") or own.get("reasoning")
    if isinstance(reasoning, str):
        parts.insert(0, {"type": "reasoning", "content": reasoning})
    _add_rest(parts, own)
    made: Message = {"role": role if isinstance(role, str) else "assistant", "parts": parts}
    name = own.get("name")
    if isinstance(name, str):
        made["name"] = name
    return made


def _add_rest(parts: list[Part], own: Mapping[str, Any]) -> None:
    refusal = own.get("refusal")
    if isinstance(refusal, str):
        parts.append({"type": "text", "content": refusal})
    audio = own.get("audio")
    if audio is not None:
        spoken = members(audio)
        parts.append(blob("audio", spoken.get("data")))
        if isinstance(spoken.get("transcript"), str):
            parts.append({"type": "text", "content": spoken["transcript"]})
    calls = own.get("tool_calls")
    if calls is not None:
        for call in items(calls):
            asked = members(call)
            function = members(asked.get("function")) or members(asked.get("custom"))
            arguments = function.get("arguments") if "arguments" in function else function.get("input")
            parts.append(tool_call(asked.get("id"), function.get("name"), arguments))
    called = own.get("function_call")
    if called is not None:
        asked = members(called)
        parts.append(tool_call(None, asked.get("name"), asked.get("arguments")))


def answer(own: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its messages.

    Parameters
    ----------
    own
        The members of the answer.
    to
        Where content is kept.
    """
    found = identity(own)
    add_usage(found, own.get("usage"))
    reasons: list[str] = []
    said: list[Message] = []
    for choice in items(own.get("choices")):
        chosen = members(choice)
        reason = text_or_none(chosen.get("finish_reason"))
        if reason is not None:
            reasons.append(reason)
        if to.content_on and chosen.get("message") is not None:
            made = message(chosen["message"])
            if reason is not None:
                made["finish_reason"] = reason
            said.append(made)
    add_choices(found, reasons, said, to)
    return found


def identity(own: Mapping[str, Any]) -> dict[str, Any]:
    """Who answered: id, model and tier, of any answer."""
    found: dict[str, Any] = {}
    value = own.get("id")
    if type(value) is str and value:
        found[genai.RESPONSE_ID] = value
    value = own.get("model")
    if type(value) is str and value:
        found[genai.RESPONSE_MODEL] = value
    value = own.get("service_tier")
    if type(value) is str:
        found[tacho.SERVICE_TIER] = value
    return found


def add_choices(found: dict[str, Any], reasons: list[str], said: list[Message], to: Recorder) -> None:
    """Add why the choices of an answer ended, and keep what they say."""
    if reasons:
        found[genai.RESPONSE_FINISH_REASONS] = reasons
    kept: list[str] = []
    for one in said:
        name = to.content(one) if one.get("parts") else None
        if name is not None:
            kept.append(name)
    if kept:
        found[tacho.CONTENT_OUTPUT] = ",".join(kept)
