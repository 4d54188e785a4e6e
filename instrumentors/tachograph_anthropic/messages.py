"""The messages API, and the text completions of releases before 1.0: what a request asks, and what an answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import count_or_none, items, members, text_or_none
from tachograph.instrument.parts import plain
from tachograph.semconv import genai, tacho
from tachograph_anthropic.parts import message, parts
from tachograph_anthropic.usage import add_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part, Recorder

_COUNTS = {
    "max_tokens": genai.REQUEST_MAX_TOKENS,
    "max_tokens_to_sample": genai.REQUEST_MAX_TOKENS,
    "top_k": genai.REQUEST_TOP_K,
}
_NUMBERS = {"temperature": genai.REQUEST_TEMPERATURE, "top_p": genai.REQUEST_TOP_P}


def request(body: Mapping[str, Any], to: Recorder) -> dict[str, Any]:
    """Attributes of a request; keeps what it sends.

    Parameters
    ----------
    body
        The body as it is sent.
    to
        Where content is kept.
    """
    attributes: dict[str, Any] = {}
    messages = items(body.get("messages"))
    if messages:
        attributes[tacho.INPUT_MESSAGE_COUNT] = len(messages)
    _add_parameters(attributes, body)
    if to.content_on:
        if not messages:
            prompt = text_or_none(body.get("prompt"))
            messages = [] if prompt is None else [{"role": "user", "content": prompt}]
        if messages:
            _add(attributes, tacho.CONTENT_INPUT, to.chain(messages, message))
        system = parts(body.get("system"))
        if system:
            _add(attributes, tacho.CONTENT_SYSTEM, to.content({"role": "system", "parts": system}))
        offered = [_tool(tool) for tool in items(body.get("tools"))]
        if offered:
            _add(attributes, tacho.CONTENT_TOOLS, to.content({"role": "tools", "parts": offered}))
    return attributes


def _add(attributes: dict[str, Any], key: str, name: str | None) -> None:
    if name is not None:
        attributes[key] = name


def _add_parameters(attributes: dict[str, Any], body: Mapping[str, Any]) -> None:
    # What the request leaves to the provider is left out here too.
    for name, value in body.items():
        key = _COUNTS.get(name)
        if key is not None:
            whole = count_or_none(value)
            if whole is not None:
                attributes[key] = whole
        elif name in _NUMBERS:
            if type(value) is float or type(value) is int:
                attributes[_NUMBERS[name]] = value
        elif name == "stop_sequences":
            stops = [stop for stop in items(value) if isinstance(stop, str)]
            if stops:
                attributes[genai.REQUEST_STOP_SEQUENCES] = stops
        elif name == "output_config":
            _add_format(attributes, members(value).get("format"))
        elif name == "output_format":
            _add_format(attributes, value)


def _add_format(attributes: dict[str, Any], wanted: object) -> None:
    if members(wanted).get("type") == "json_schema":
        attributes[genai.OUTPUT_TYPE] = "json"


def _tool(tool: object) -> Part:
    fields = members(tool)
    kind = fields.get("type")
    definition: dict[str, object] = {"description": plain(fields.get("description"))}
    if "input_schema" in fields:
        definition["parameters"] = plain(fields["input_schema"])
    named = {"type", "name", "description", "input_schema"}
    definition.update(
        {name: plain(value) for name, value in fields.items() if name not in named and name != "cache_control"}
    )
    return {
        "type": "tool_definition",
        "name": plain(fields.get("name")),
        "content": {name: value for name, value in {"type": plain(kind), **definition}.items() if value is not None},
    }


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
    """Add the id of an answer and the model that gave it, if they are known."""
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
