"""Turns what OpenAI's interfaces send and receive into the parts of the GenAI conventions.

Source: https://platform.openai.com/docs/api-reference/chat and …/responses
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

from tachograph.instrument.endpoint import items, members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Part

_DEEPEST = 20
_TEXTS = frozenset({"text", "input_text", "output_text", "summary_text", "reasoning_text"})
_ENCODED = frozenset({"data", "file_data", "b64_json", "partial_image_b64"})
_OPAQUE = frozenset({"encrypted_content", "logprobs", "obfuscation", "parsed", "parsed_arguments"})
"""Members that only the provider can read, or that repeat what stands beside them."""
_SCALARS = frozenset({str, int, float, bool, type(None)})


def content_parts(content: object) -> list[Part]:
    """The parts of a message's content, which is text or a list of parts."""
    if type(content) is str:
        return [{"type": "text", "content": content}] if content else []
    found: list[Part] = []
    for item in items(content):
        if isinstance(item, str):
            found.append({"type": "text", "content": item})
        elif item is not None:
            found.append(_part(members(item)))
    return found


def _part(own: Mapping[str, Any]) -> Part:
    kind = own.get("type")
    if kind in _TEXTS:
        return {"type": "text", "content": plain(own.get("text"))}
    if kind == "refusal":
        return {"type": "text", "content": plain(own.get("refusal"))}
    if kind == "image_url" or kind == "input_image":
        image = own.get("image_url")
        return _source("image", image if isinstance(image, str) else members(image).get("url"), own.get("file_id"))
    if kind == "input_audio":
        audio = members(own.get("input_audio"))
        return blob("audio", audio.get("data"), f"audio/{audio['format']}" if "format" in audio else None)
    if kind == "file" or kind == "input_file":
        file = members(own.get("file")) or own
        return _source("file", file.get("file_data") or file.get("file_url"), file.get("file_id"))
    return {"type": str(kind or "unknown"), "content": plain({k: v for k, v in own.items() if k != "type"})}


def _source(modality: str, uri: object, file_id: object) -> Part:
    if isinstance(uri, str):
        if uri.startswith("data:"):
            head, _, data = uri.partition(",")
            return blob(modality, data, head[5:].partition(";")[0])
        if "://" in uri[:16]:
            return {"type": "uri", "modality": modality, "uri": uri}
        return blob(modality, uri, None)
    return {"type": "file", "modality": modality, "file_id": plain(file_id)}


def blob(modality: str, data: object, mime_type: str | None = None) -> Part:
    """What stands for encoded data, which is not kept."""
    part: Part = {"type": "blob", "modality": modality}
    if mime_type:
        part["mime_type"] = mime_type
    if isinstance(data, str):
        part["size"] = size_of_base64(data)
    return part


def size_of_base64(data: str) -> int:
    """The size in bytes of what the text encodes."""
    return len(data) * 3 // 4 - (len(data[-2:]) - len(data[-2:].rstrip("=")))


def tool_call(call_id: object, name: object, arguments: object) -> Part:
    """A call of a tool. Arguments that are a JSON object are kept as one, so that they are redacted by their names."""
    read = _loaded(arguments) if type(arguments) is str and arguments[:1] == "{" else plain(arguments)
    return {"type": "tool_call", "id": plain(call_id), "name": plain(name), "arguments": read}


def _loaded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def tool_response(call_id: object, output: object) -> Part:
    """The result of a tool."""
    response = content_parts(cast("object", output)) if type(output) is list else plain(output)
    return {"type": "tool_call_response", "id": plain(call_id), "response": response}


def plain(value: object, depth: int = 0) -> object:
    """A copy of a value in the terms of JSON, without what only the provider can read and without encoded bodies.

    Parameters
    ----------
    value
        Anything a request or an answer can hold.
    depth
        How deep it lies in what is copied; below 20 it is named by its type.
    """
    kind = type(value)
    if kind is str:
        said = cast("str", value)
        if said.startswith("data:") and ";base64," in said[:100]:
            return dict(_source("file", said, None))
        return said
    if kind in _SCALARS:
        return value
    if depth >= _DEEPEST:
        return f"<{kind.__name__}>"
    if kind is list or kind is tuple:
        return [plain(item, depth + 1) for item in cast("list[object]", value)]
    if kind is not dict and not hasattr(value, "__dict__"):
        return f"<{kind.__name__}>"
    copied: dict[str, object] = {}
    for name, item in members(value).items():
        if name in _ENCODED and isinstance(item, str):
            copied["size"] = size_of_base64(item)
        elif item is not None and name not in _OPAQUE:
            # A model has every member its kind declares, mostly without a value.
            copied[str(name)] = plain(item, depth + 1)
    return copied
