"""The stub's side of OpenAI's API: chat completions, completions, responses, embeddings, models.

Sources: https://platform.openai.com/docs/api-reference/chat, …/responses, …/embeddings
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from tachograph.demo.reply import Reply, Turn, identity, listed, pieces, reply, table, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

CREATED = 1_790_000_000
_REASONING = 16


def text_of(content: object) -> str:
    """The text of a message's content, which is a text or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = cast("list[Any]", content)
        return "\n".join(str(cast("dict[str, Any]", p).get("text", "")) for p in parts if isinstance(p, dict))
    return ""


def _chat_turn(body: dict[str, Any]) -> Turn:
    messages = listed(body, "messages")
    texts = [(message.get("role"), text_of(message.get("content"))) for message in messages]
    return Turn(
        asked=next((text for role, text in texts if role == "user"), ""),
        last=texts[-1][1] if texts else "",
        tools=frozenset(str(table(tool, "function").get("name")) for tool in listed(body, "tools")),
        results=tuple(text for role, text in texts if role == "tool"),
        wants_json=table(body, "response_format").get("type") in {"json_object", "json_schema"},
    )


def _thought(effort: object) -> int:
    """Number of reasoning tokens: more than 0 if the request asks for an effort."""
    return _REASONING if effort not in {None, "none"} else 0


def _usage(body: dict[str, Any], answer: Reply, choices: int) -> dict[str, Any]:
    messages = listed(body, "messages")
    sizes = [tokens(json.dumps(message)) for message in messages]
    prompt = sum(sizes) + sum(tokens(json.dumps(tool)) for tool in listed(body, "tools"))
    # What an earlier call of the conversation has sent: all but the last answer and what came after it.
    cached = sum(sizes[:-2]) if len(sizes) > 3 else 0
    thought = _thought(body.get("reasoning_effort"))
    completion = thought + choices * (
        tokens(answer.text) + sum(tokens(json.dumps(call.arguments)) for call in answer.calls)
    )
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": thought, "audio_tokens": 0},
    }


def _tool_calls(answer: Reply, name: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{name[-12:]}{index}",
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for index, call in enumerate(answer.calls)
    ]


def chat(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of ``POST /v1/chat/completions``."""
    answer = reply(_chat_turn(body))
    choices: int = body.get("n") or 1
    name = identity("chatcmpl-", json.dumps(body))
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": []}
    if answer.calls:
        message["tool_calls"] = _tool_calls(answer, name)
    return {
        "id": name,
        "object": "chat.completion",
        "created": CREATED,
        "model": body.get("model"),
        "choices": [
            {
                "index": index,
                "message": message,
                "logprobs": None,
                "finish_reason": "tool_calls" if answer.calls else "stop",
            }
            for index in range(choices)
        ],
        "usage": _usage(body, answer, choices),
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
    }


def chat_chunks(body: dict[str, Any], count: int | None) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed chat completion, without the final ``[DONE]``."""
    answer = reply(_chat_turn(body))
    name = identity("chatcmpl-", json.dumps(body))
    common = {
        "id": name,
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": body.get("model"),
        "service_tier": "default",
        "system_fingerprint": "fp_demo",
    }

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**common, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    for piece in pieces(answer.text, count):
        yield chunk({"content": piece})
    for index, call in enumerate(_tool_calls(answer, name)):
        arguments = call["function"]["arguments"]
        opened = {**call, "index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield chunk({"tool_calls": [opened]})
        for piece in pieces(arguments, 3):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield chunk({}, "tool_calls" if answer.calls else "stop")
    if table(body, "stream_options").get("include_usage"):
        yield {**common, "choices": [], "usage": _usage(body, answer, 1)}


def completion(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of the older ``POST /v1/completions``."""
    prompt = str(body.get("prompt") or "")
    text = f"You said: {prompt[:200]}"
    return {
        "id": identity("cmpl-", json.dumps(body)),
        "object": "text_completion",
        "created": CREATED,
        "model": body.get("model"),
        "choices": [{"text": text, "index": 0, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": tokens(prompt),
            "completion_tokens": tokens(text),
            "total_tokens": tokens(prompt) + tokens(text),
        },
    }


def embeddings(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of ``POST /v1/embeddings``: eight numbers for each text."""
    received = body.get("input")
    texts = [str(item) for item in cast("list[Any]", received)] if isinstance(received, list) else [str(received)]
    rows = [
        {
            "object": "embedding",
            "index": index,
            "embedding": [((hash_ >> shift) % 256) / 256 for shift in range(0, 64, 8)],
        }
        for index, hash_ in enumerate(int(identity("", text), 16) for text in texts)
    ]
    used = sum(map(tokens, texts))
    return {
        "object": "list",
        "data": rows,
        "model": body.get("model"),
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }


def _response_turn(body: dict[str, Any]) -> Turn:
    received = body.get("input")
    items = [{"role": "user", "content": received}] if isinstance(received, str) else listed(body, "input")
    texts = [(item.get("role"), text_of(item.get("content"))) for item in items if item.get("role")]
    return Turn(
        asked=next((text for role, text in texts if role == "user"), ""),
        last=texts[-1][1] if texts else "",
        tools=frozenset(str(tool.get("name")) for tool in listed(body, "tools")),
        results=tuple(str(item.get("output")) for item in items if item.get("type") == "function_call_output"),
        wants_json=table(table(body, "text"), "format").get("type") in {"json_object", "json_schema"},
    )


def response(body: dict[str, Any]) -> dict[str, Any]:
    """An answer of ``POST /v1/responses``."""
    answer = reply(_response_turn(body))
    name = identity("resp_", json.dumps(body))
    output: list[dict[str, Any]] = [
        {
            "type": "message",
            "id": f"msg_{name[5:]}",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}],
        }
    ]
    output += [
        {
            "type": "function_call",
            "id": f"fc_{name[5:]}{index}",
            "call_id": f"call_{name[-12:]}{index}",
            "name": call.name,
            "arguments": json.dumps(call.arguments),
            "status": "completed",
        }
        for index, call in enumerate(answer.calls)
    ]
    used = tokens(json.dumps(body.get("input"))) + tokens(str(body.get("instructions") or ""))
    sizes = [tokens(json.dumps(item)) for item in listed(body, "input")]
    cached = sum(sizes[:-2]) if len(sizes) > 3 else 0
    thought = _thought(table(body, "reasoning").get("effort"))
    output_tokens = thought + tokens(answer.text) + sum(tokens(json.dumps(call.arguments)) for call in answer.calls)
    return {
        "id": name,
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": body.get("model"),
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": {
            "input_tokens": used,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
            "output_tokens": output_tokens,
            "output_tokens_details": {"reasoning_tokens": thought},
            "total_tokens": used + output_tokens,
        },
        "user": None,
        "metadata": {},
        "service_tier": "default",
    }


def response_events(body: dict[str, Any], count: int | None) -> Iterator[dict[str, Any]]:
    """The events of a streamed response."""
    done = response(body)
    begun: dict[str, Any] = {**done, "status": "in_progress", "output": [], "usage": None}
    number = 0

    def event(kind: str, **more: Any) -> dict[str, Any]:
        nonlocal number
        number += 1
        return {"type": kind, "sequence_number": number - 1, **more}

    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    for index, item in enumerate(done["output"]):
        place = {"output_index": index, "item_id": item["id"]}
        if item["type"] == "message":
            part = item["content"][0]
            empty = {**part, "text": ""}
            yield event(
                "response.output_item.added", output_index=index, item={**item, "content": [], "status": "in_progress"}
            )
            yield event("response.content_part.added", **place, content_index=0, part=empty)
            for piece in pieces(part["text"], count):
                yield event("response.output_text.delta", **place, content_index=0, delta=piece, logprobs=[])
            yield event("response.output_text.done", **place, content_index=0, text=part["text"], logprobs=[])
            yield event("response.content_part.done", **place, content_index=0, part=part)
        else:
            yield event(
                "response.output_item.added",
                output_index=index,
                item={**item, "arguments": "", "status": "in_progress"},
            )
            for piece in pieces(item["arguments"], 3):
                yield event("response.function_call_arguments.delta", **place, delta=piece)
            yield event(
                "response.function_call_arguments.done", **place, name=item["name"], arguments=item["arguments"]
            )
        yield event("response.output_item.done", output_index=index, item=item)
    yield event("response.completed", response=done)


def models() -> dict[str, Any]:
    """An answer of ``GET /v1/models``."""
    names = ("gpt-5.1", "gpt-5.1-mini", "text-embedding-3-small")
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": CREATED, "owned_by": "demo"} for name in names],
    }


def error(status: int, message: str) -> dict[str, Any]:
    """The body of an answer that refuses a request."""
    kinds = {429: "rate_limit_error", 400: "invalid_request_error", 404: "invalid_request_error"}
    return {"error": {"message": message, "type": kinds.get(status, "server_error"), "param": None, "code": None}}
