"""The responses interface: what a request asks, and what an answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members, text_or_none
from tachograph.instrument.parts import blob, plain
from tachograph.semconv import genai, general, tacho
from tachograph_openai.chat import identity
from tachograph_openai.parameters import add_tools, keep, parameters, without_unknown
from tachograph_openai.parts import content_parts, tool_call, tool_response
from tachograph_openai.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tachograph.runtime.recording import Message, Part, Recorder


def request(body: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of a request; keeps its input, instructions and tools.

    Parameters
    ----------
    body
        The body as it is sent.
    to
        Where content is kept.
    """
    found = parameters(body)
    conversation = body.get("conversation")
    if conversation is not None:
        found[genai.CONVERSATION_ID] = text_or_none(conversation) or text_or_none(members(conversation).get("id"))
    sent = body.get("input")
    messages = [{"role": "user", "content": sent}] if isinstance(sent, str) else items(sent)
    if messages:
        found[tacho.INPUT_MESSAGE_COUNT] = len(messages)
    if to.content_on:
        if messages:
            found[tacho.CONTENT_INPUT] = to.chain(messages, message)
        instructions = body.get("instructions")
        if instructions is not None:
            found[tacho.CONTENT_SYSTEM] = keep(to, {"role": "system", "parts": content_parts(instructions)})
    add_tools(found, body, to)
    return without_unknown(found)


def message(raw: object) -> Message:
    """An item of a request's input as a message.

    Parameters
    ----------
    raw
        The item, as JSON or as a model.
    """
    own = members(raw)
    role = own.get("role")
    if isinstance(role, str) and "content" in own:
        return {"role": role, "parts": content_parts(own["content"])}
    parts = item_parts(own)
    returned = any(part.get("type") == "tool_call_response" for part in parts)
    return {"role": "tool" if returned else "assistant", "parts": parts}


def item_parts(own: Mapping[str, Any]) -> list[Part]:
    """The parts of an item of input or output.

    Parameters
    ----------
    own
        Its members. Kinds that are not known here are kept as they are, under their own name.
    """
    kind = str(own.get("type") or "message")
    call_id = own.get("call_id") or own.get("id")
    if kind == "message":
        return content_parts(own.get("content"))
    if kind == "reasoning":
        said = [*content_parts(own.get("summary")), *content_parts(own.get("content"))]
        return [{"type": "reasoning", "content": part["content"]} for part in said if "content" in part]
    if kind == "function_call":
        return [tool_call(call_id, own.get("name"), own.get("arguments"))]
    if kind == "custom_tool_call":
        return [tool_call(call_id, own.get("name"), own.get("input"))]
    if kind == "mcp_call":
        asked = tool_call(call_id, own.get("name"), own.get("arguments"))
        output = own.get("output")
        return [asked] if output is None else [asked, tool_response(call_id, output)]
    if kind.endswith("_output"):
        return [tool_response(call_id, own.get("output"))]
    if kind == "image_generation_call":
        return [blob("image", own.get("result"))]
    return [{"type": kind, "content": plain({name: value for name, value in own.items() if name != "type"})}]


def answer(own: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its output as one message.

    Parameters
    ----------
    own
        The members of the answer.
    to
        Where content is kept.
    """
    found = identity(own)
    add_usage(found, own.get("usage"))
    conversation = own.get("conversation")
    if conversation is not None:
        found[genai.CONVERSATION_ID] = text_or_none(members(conversation).get("id"))
    incomplete = members(own.get("incomplete_details"))
    reason = text_or_none(incomplete.get("reason")) or text_or_none(own.get("status"))
    refused = members(own.get("error"))
    found[general.ERROR_TYPE] = text_or_none(refused.get("code"))
    add_output(found, items(own.get("output")), reason, to)
    return found


def add_output(found: dict[str, Any], output: Iterable[object], reason: str | None, to: Recorder) -> None:
    """Add why an answer ended, and keep what it says."""
    if reason is not None:
        found[genai.RESPONSE_FINISH_REASONS] = [reason]
    if not to.content_on:
        return
    parts: list[Part] = []
    for item in output:
        parts.extend(item_parts(members(item)))
    made: Message = {"role": "assistant", "parts": parts}
    if reason is not None:
        made["finish_reason"] = reason
    found[tacho.CONTENT_OUTPUT] = keep(to, made)
