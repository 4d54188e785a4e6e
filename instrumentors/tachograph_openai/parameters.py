"""The parameters of a request, in the terms of the GenAI conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import items, members
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part, Recorder

_NUMBERS = {
    "temperature": genai.REQUEST_TEMPERATURE,
    "top_p": genai.REQUEST_TOP_P,
    "top_k": genai.REQUEST_TOP_K,
    "frequency_penalty": genai.REQUEST_FREQUENCY_PENALTY,
    "presence_penalty": genai.REQUEST_PRESENCE_PENALTY,
    "max_tokens": genai.REQUEST_MAX_TOKENS,
    "max_completion_tokens": genai.REQUEST_MAX_TOKENS,
    "max_output_tokens": genai.REQUEST_MAX_TOKENS,
    "seed": genai.REQUEST_SEED,
    "dimensions": genai.EMBEDDINGS_DIMENSION_COUNT,
}
_OTHERS = frozenset({"n", "stop", "response_format", "text"})


def parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a request states; what it leaves to the provider is left out."""
    attributes: dict[str, Any] = {}
    for name, value in body.items():
        key = _NUMBERS.get(name)
        if key is not None:
            if type(value) is float or type(value) is int:
                attributes[key] = value
        elif name in _OTHERS:
            _add_other(attributes, name, value)
    return attributes


def _add_other(attributes: dict[str, Any], name: str, value: Any) -> None:
    if name == "n":
        if type(value) is int and value != 1:
            attributes[genai.REQUEST_CHOICE_COUNT] = value
    elif name == "stop":
        stops = [stop for stop in ([value] if isinstance(value, str) else items(value)) if isinstance(stop, str)]
        if stops:
            attributes[genai.REQUEST_STOP_SEQUENCES] = stops
    elif name == "response_format":
        _add_format(attributes, members(value))
    else:
        _add_format(attributes, members(members(value).get("format")))


def _add_format(attributes: dict[str, Any], wanted: Mapping[str, Any]) -> None:
    kind = wanted.get("type")
    if kind == "text":
        attributes[genai.OUTPUT_TYPE] = "text"
    elif kind == "json_object" or kind == "json_schema":
        attributes[genai.OUTPUT_TYPE] = "json"
        # Chat completions name the schema one level deeper than responses do.
        name = wanted.get("name") or members(wanted.get("json_schema")).get("name")
        if isinstance(name, str):
            attributes[tacho.STRUCTURED_OUTPUT] = name


def add_tools(attributes: dict[str, Any], body: Mapping[str, Any], to: Recorder) -> None:
    """Keep the tools a request offers and refer to them."""
    offered = items(body.get("tools") or body.get("functions"))
    if offered and to.content_on:
        attributes[tacho.CONTENT_TOOLS] = to.content({"role": "tools", "parts": [_tool(tool) for tool in offered]})


def _tool(tool: object) -> Part:
    fields = dict(members(tool))
    name = fields.pop("name", None)
    inner = fields.pop("function", None)
    if inner is not None:
        fields.update(members(inner))
        name = fields.pop("name", name)
    return {"type": "tool_definition", "name": name, "content": fields}


def keep(to: Recorder, message: Message) -> str | None:
    """Keep a message that has parts; the id of its record."""
    return to.content(message) if message.get("parts") else None


def without_unknown(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes that have a value: a span takes no others at its start."""
    if None not in attributes.values():
        return attributes
    return {key: value for key, value in attributes.items() if value is not None}
