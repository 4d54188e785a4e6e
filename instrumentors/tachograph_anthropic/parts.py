"""Turns the content blocks of the messages API into the parts of the GenAI conventions.

Source: https://docs.anthropic.com/en/api/messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tachograph.instrument.endpoint import members
from tachograph.instrument.parts import blob, data_url, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.runtime.recording import Message, Part


def message(raw: object) -> Message:
    """A message of a request.

    Parameters
    ----------
    raw
        One item of `messages`, a dict or a model.
    """
    fields = members(raw)
    role = fields.get("role")
    return {"role": role if isinstance(role, str) else "user", "parts": parts(fields.get("content"))}


def parts(content: object) -> list[Part]:
    """The parts of a message's content, which is text or a list of blocks."""
    if isinstance(content, str):
        return [{"type": "text", "content": content}]
    if type(content) is not list and type(content) is not tuple:
        # An iterator is the client's to read: once.
        return []
    found_parts: list[Part] = []
    for block in cast("list[object]", content):
        if isinstance(block, str):
            found_parts.append({"type": "text", "content": block})
        elif block is not None:
            _add(found_parts, members(block))
    return found_parts


def _add(found_parts: list[Part], block: Mapping[str, Any]) -> None:
    kind = block.get("type")
    if kind == "text":
        text = block.get("text")
        found_parts.append({"type": "text", "content": text if type(text) is str else plain(text)})
    elif kind == "thinking":
        found_parts.append({"type": "reasoning", "content": plain(block.get("thinking"))})
    elif kind == "redacted_thinking":
        found_parts.append({"type": "reasoning"})
    elif not isinstance(kind, str):
        # Not a block of the API.
        return
    elif kind.endswith("tool_use"):
        found_parts.append(tool_call(block.get("id"), block.get("name"), block.get("input")))
    elif kind.endswith("tool_result"):
        found_parts.append(_tool_response(block))
    elif kind in {"image", "document"}:
        _add_source(found_parts, kind, members(block.get("source")))
    elif kind == "container_upload":
        found_parts.append({"type": "file", "file_id": plain(block.get("file_id"))})
    else:
        rest = {name: value for name, value in block.items() if name != "type"}
        found_parts.append({"type": kind, "content": plain(rest)})


def tool_call(call_id: object, name: object, arguments: object) -> Part:
    """A call of a tool, the program's or one that the provider runs itself."""
    return {"type": "tool_call", "id": plain(call_id), "name": plain(name), "arguments": plain(arguments, whole=True)}


def _tool_response(block: Mapping[str, Any]) -> Part:
    content = block.get("content")
    response: object
    if isinstance(content, str):
        response = content
    elif block.get("type") == "tool_result" and isinstance(content, list | tuple):
        response = parts(cast("list[object]", content))
    else:
        response = plain(content)
    return {"type": "tool_call_response", "id": plain(block.get("tool_use_id")), "response": response}


def _add_source(found_parts: list[Part], modality: str, source: Mapping[str, Any]) -> None:
    kind = source.get("type")
    if kind == "text":
        found_parts.append({"type": "text", "content": plain(source.get("data"))})
    elif kind == "content":
        found_parts.extend(parts(source.get("content")))
    elif kind == "file":
        found_parts.append({"type": "file", "modality": modality, "file_id": plain(source.get("file_id"))})
    elif kind == "url":
        uri = source.get("url")
        if isinstance(uri, str) and uri.startswith("data:"):
            found_parts.append(data_url(modality, uri))
        else:
            found_parts.append({"type": "uri", "modality": modality, "uri": plain(uri)})
    else:
        found_parts.append(blob(modality, source.get("data"), source.get("media_type")))
