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
    attributes = parameters(body)
    conversation = body.get("conversation")
    if conversation is not None:
        attributes[genai.CONVERSATION_ID] = text_or_none(conversation) or text_or_none(members(conversation).get("id"))
    sent = body.get("input")
    messages = [{"role": "user", "content": sent}] if isinstance(sent, str) else items(sent)
    if messages:
        attributes[tacho.INPUT_MESSAGE_COUNT] = len(messages)
    if to.content_on:
        if messages:
            attributes[tacho.CONTENT_INPUT] = to.chain(messages, message)
        instructions = body.get("instructions")
        if instructions is not None:
            attributes[tacho.CONTENT_SYSTEM] = keep(to, {"role": "system", "parts": content_parts(instructions)})
    add_tools(attributes, body, to)
    return without_unknown(attributes)


def message(raw: object) -> Message:
    """An item of a request's input as a message.

    Parameters
    ----------
    raw
        The item, as JSON or as a model.
    """
    fields = members(raw)
    role = fields.get("role")
    if isinstance(role, str) and "content" in fields:
        return {"role": role, "parts": content_parts(fields["content"])}
    parts = item_parts(fields)
    returned = any(part.get("type") == "tool_call_response" for part in parts)
    return {"role": "tool" if returned else "assistant", "parts": parts}


def item_parts(fields: Mapping[str, Any]) -> list[Part]:
    """The parts of an item of input or output.

    Parameters
    ----------
    fields
        Its members. Kinds that are not known here are kept as they are, under their own name.
    """
    kind = str(fields.get("type") or "message")
    call_id = fields.get("call_id") or fields.get("id")
    if kind == "message":
        return content_parts(fields.get("content"))
    if kind == "reasoning":
        texts = [*content_parts(fields.get("summary")), *content_parts(fields.get("content"))]
        return [{"type": "reasoning", "content": part["content"]} for part in texts if "content" in part]
    if kind == "function_call":
        return [tool_call(call_id, fields.get("name"), fields.get("arguments"))]
    if kind == "custom_tool_call":
        return [tool_call(call_id, fields.get("name"), fields.get("input"))]
    if kind == "mcp_call":
        asked = tool_call(call_id, fields.get("name"), fields.get("arguments"))
        output = fields.get("output")
        return [asked] if output is None else [asked, tool_response(call_id, output)]
    if kind.endswith("_output"):
        return [tool_response(call_id, fields.get("output"))]
    if kind == "image_generation_call":
        return [blob("image", fields.get("result"))]
    return [{"type": kind, "content": plain({name: value for name, value in fields.items() if name != "type"})}]


def answer(fields: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of an answer; keeps its output as one message.

    Parameters
    ----------
    fields
        The members of the answer.
    to
        Where content is kept.
    """
    attributes = identity(fields)
    add_usage(attributes, fields.get("usage"))
    conversation = fields.get("conversation")
    if conversation is not None:
        attributes[genai.CONVERSATION_ID] = text_or_none(members(conversation).get("id"))
    incomplete = members(fields.get("incomplete_details"))
    reason = text_or_none(incomplete.get("reason")) or text_or_none(fields.get("status"))
    refused = members(fields.get("error"))
    attributes[general.ERROR_TYPE] = text_or_none(refused.get("code"))
    add_output(attributes, items(fields.get("output")), reason, to)
    return attributes


def add_output(attributes: dict[str, Any], output: Iterable[object], reason: str | None, to: Recorder) -> None:
    """Add why an answer ended, and keep what it says."""
    if reason is not None:
        attributes[genai.RESPONSE_FINISH_REASONS] = [reason]
    if not to.content_on:
        return
    parts: list[Part] = []
    for item in output:
        parts.extend(item_parts(members(item)))
    output_message: Message = {"role": "assistant", "parts": parts}
    if reason is not None:
        output_message["finish_reason"] = reason
    attributes[tacho.CONTENT_OUTPUT] = keep(to, output_message)
