"""The stub's side of Anthropic's API: messages, plain and streamed, with tools, thinking and caches of both lifetimes.

Source: https://docs.claude.com/en/api/messages
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tachograph.demo.openai_api import text_of
from tachograph.demo.reply import Reply, Turn, identity, listed, pieces, reply, table, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator


class Caches:
    """Which prefixes were sent with a cache mark before; a second call reads what the first wrote."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def classes(self, body: dict[str, Any]) -> dict[str, Any]:
        """The usage of a request: input in the classes that Anthropic counts apart."""
        total = 0
        marked: tuple[int, str, str] | None = None
        seen = ""
        for block in _blocks(body):
            text = json.dumps({key: value for key, value in block.items() if key != "cache_control"})
            seen += text
            total += tokens(text)
            mark = block.get("cache_control")
            if mark:
                marked = (total, seen, mark.get("ttl", "5m"))
        read = written = 0
        lifetime = "5m"
        if marked is not None:
            size, prefix, lifetime = marked
            if prefix in self._known:
                read = size
            else:
                self._known.add(prefix)
                written = size
        return {
            "input_tokens": total - read - written,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": written if lifetime == "5m" else 0,
                "ephemeral_1h_input_tokens": written if lifetime == "1h" else 0,
            },
            "service_tier": "standard",
        }


def _blocks(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from listed(body, "tools")
    yield from _parts(body.get("system"))
    for message in listed(body, "messages"):
        yield from _parts(message.get("content"))


def _parts(content: object) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return listed({"content": content}, "content")


def _turn(body: dict[str, Any]) -> Turn:
    messages = listed(body, "messages")
    asked = next((text_of(message.get("content")) for message in messages if message.get("role") == "user"), "")
    results = [
        text_of(part.get("content"))
        for message in messages
        for part in _parts(message.get("content"))
        if part.get("type") == "tool_result"
    ]
    return Turn(
        asked=asked,
        last=text_of(messages[-1].get("content")) if messages else "",
        tools=frozenset(str(tool.get("name")) for tool in listed(body, "tools")),
        results=tuple(results),
        wants_json=bool(body.get("output_format") or table(body, "output_config").get("format")),
    )


def _content(body: dict[str, Any], answer: Reply, name: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    if table(body, "thinking").get("type") in {"enabled", "adaptive"}:
        content.append({"type": "thinking", "thinking": "The request is plain.", "signature": identity("", name)})
    content.append({"type": "text", "text": answer.text, "citations": None})
    content += [
        {"type": "tool_use", "id": f"toolu_{name[-20:]}{index}", "name": call.name, "input": call.arguments}
        for index, call in enumerate(answer.calls)
    ]
    return content


def message(body: dict[str, Any], caches: Caches) -> dict[str, Any]:
    """An answer of ``POST /v1/messages``."""
    answer = reply(_turn(body))
    name = identity("msg_", json.dumps(body))
    content = _content(body, answer, name)
    output_tokens = sum(tokens(json.dumps(part)) for part in content)
    return {
        "id": name,
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": content,
        "stop_reason": "tool_use" if answer.calls else "end_turn",
        "stop_sequence": None,
        "usage": {**caches.classes(body), "output_tokens": output_tokens},
    }


def message_events(body: dict[str, Any], caches: Caches, count: int | None) -> Iterator[dict[str, Any]]:
    """The events of a streamed message."""
    done = message(body, caches)
    usage: dict[str, Any] = done["usage"]
    begun: dict[str, Any] = {**done, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield {"type": "message_start", "message": begun}
    for index, part in enumerate(done["content"]):
        empty, deltas = _streamed(part, count)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        if index == 0:
            yield {"type": "ping"}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": done["stop_reason"], "stop_sequence": None},
        "usage": {key: usage[key] for key in usage if key.endswith("tokens")},
    }
    yield {"type": "message_stop"}


def _streamed(part: dict[str, Any], count: int | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    match part["type"]:
        case "thinking":
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(part["thinking"], None)]
            deltas.append({"type": "signature_delta", "signature": part["signature"]})
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas
        case "tool_use":
            text = json.dumps(part["input"])
            return {**part, "input": {}}, [
                {"type": "input_json_delta", "partial_json": piece} for piece in pieces(text, 3)
            ]
        case _:
            return {**part, "text": ""}, [
                {"type": "text_delta", "text": piece} for piece in pieces(part["text"], count)
            ]


def count_tokens(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of ``POST /v1/messages/count_tokens``."""
    return {"input_tokens": sum(tokens(json.dumps(block)) for block in _blocks(body))}


def error(status: int, text: str) -> dict[str, Any]:
    """The body of an answer that refuses a request."""
    kinds = {429: "rate_limit_error", 529: "overloaded_error", 400: "invalid_request_error", 404: "not_found_error"}
    return {"type": "error", "error": {"type": kinds.get(status, "api_error"), "message": text}}
