"""Turns what OpenAI's interfaces send and receive into the parts of the GenAI conventions.

Source: https://platform.openai.com/docs/api-reference/chat and …/responses
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

from tachograph.instrument.endpoint import items, members
from tachograph.instrument.parts import blob, data_url, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Part

_TEXTS = frozenset({"text", "input_text", "output_text", "summary_text", "reasoning_text"})


def content_parts(content: object) -> list[Part]:
    """The parts of a message's content, which is text or a list of parts."""
    if type(content) is str:
        return [{"type": "text", "content": content}] if content else []
    parts: list[Part] = []
    for item in items(content):
        if isinstance(item, str):
            parts.append({"type": "text", "content": item})
        elif item is not None:
            parts.append(_part(members(item)))
    return parts


def _part(fields: Mapping[str, Any]) -> Part:
    kind = fields.get("type")
    if kind in _TEXTS:
        return {"type": "text", "content": plain(fields.get("text"))}
    if kind == "refusal":
        return {"type": "text", "content": plain(fields.get("refusal"))}
    if kind == "image_url" or kind == "input_image":
        image = fields.get("image_url")
        return _source("image", image if isinstance(image, str) else members(image).get("url"), fields.get("file_id"))
    if kind == "input_audio":
        audio = members(fields.get("input_audio"))
        return blob("audio", audio.get("data"), f"audio/{audio['format']}" if "format" in audio else None)
    if kind == "file" or kind == "input_file":
        file = members(fields.get("file")) or fields
        return _source("file", file.get("file_data") or file.get("file_url"), file.get("file_id"))
    return {"type": str(kind or "unknown"), "content": plain({k: v for k, v in fields.items() if k != "type"})}


def _source(modality: str, uri: object, file_id: object) -> Part:
    if isinstance(uri, str):
        if uri.startswith("data:"):
            return data_url(modality, uri)
        if "://" in uri[:16]:
            return {"type": "uri", "modality": modality, "uri": uri}
        return blob(modality, uri, None)
    return {"type": "file", "modality": modality, "file_id": plain(file_id)}


def tool_call(call_id: object, name: object, arguments: object) -> Part:
    """A call of a tool. Arguments that are a JSON object are kept as one, so that they are redacted by their names."""
    parsed = _loaded(arguments) if type(arguments) is str and arguments[:1] == "{" else plain(arguments, whole=True)
    return {"type": "tool_call", "id": plain(call_id), "name": plain(name), "arguments": parsed}


def _loaded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def tool_response(call_id: object, output: object) -> Part:
    """The result of a tool."""
    response = content_parts(cast("object", output)) if type(output) is list else plain(output)
    return {"type": "tool_call_response", "id": plain(call_id), "response": response}
