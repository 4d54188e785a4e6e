"""A provider that says in its answers what it was given, and streams it in pieces of any size."""

from __future__ import annotations

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST_PIECE = 12
_OPENAI: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "usage": None}
_RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "g",
    "tools": [],
    "tool_choice": "auto",
}
_MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-test",
    "stop_sequence": None,
}
_USAGE = {"input_tokens": 1, "output_tokens": 1}


class CanaryProvider:
    """The provider; use it as a context manager.

    Parameters
    ----------
    planted
        The text of each carrier, for each number that a request may name in its header `x-round`.

    Attributes
    ----------
    url
        Its address.
    bodies
        What it got.
    """

    def __init__(self, planted: Sequence[Mapping[str, str]]) -> None:  # noqa: C901 - the methods of a handler
        self.bodies: list[Any] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Write no access log."""

            def do_GET(self) -> None:
                self._send(200, "application/json", b"{}")

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider.bodies.append(body)
                self._answer(planted[int(self.headers["x-round"])], body)

            def _answer(self, texts: Mapping[str, str], body: Mapping[str, Any]) -> None:
                path = self.path.partition("?")[0]
                split = "x-split" in self.headers
                if "refused" in path:
                    self._refuse(texts, path)
                elif path.endswith("/embeddings"):
                    row = {"object": "embedding", "index": 0, "embedding": [0.5]}
                    self._json({"object": "list", "data": [row], "model": "g", "usage": {"prompt_tokens": 1}})
                elif path.endswith("/chat/completions"):
                    streamed = chat_stream_split(texts) if split else chat_stream(texts)
                    self._either(body, chat(texts), [*map(_data, streamed), b"data: [DONE]\n\n"])
                elif path.endswith("/responses"):
                    self._either(body, response(texts), map(_event, response_stream(texts, split=split)))
                else:
                    streamed = message_stream_split(texts) if split else message_stream(texts)
                    self._either(body, message(texts), map(_event, streamed))

            def _refuse(self, texts: Mapping[str, str], path: str) -> None:
                anthropic = path.endswith("/messages")
                said = texts["body of a refusal: Anthropic" if anthropic else "body of a refusal"]
                error = {"type": "error", "error": {"type": "invalid_request_error", "message": said}}
                headers = {
                    "x-ratelimit-requests": texts["rate limit of a refusal"],
                    "retry-after": texts["wait of a refusal"],
                }
                self._send(400, "application/json", json.dumps(error).encode(), {} if anthropic else headers)

            def _either(self, body: Mapping[str, Any], whole: Any, streamed: Any) -> None:
                if body.get("stream"):
                    self._send(200, "text/event-stream", b"".join(streamed))
                else:
                    self._json(whole)

            def _json(self, answer: Any) -> None:
                self._send(200, "application/json", json.dumps(answer).encode())

            def _send(self, code: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
                self.send_response(code)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _data(chunk: Any) -> bytes:
    return b"data: %b\n\n" % json.dumps(chunk).encode()


def _event(event: Any) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.dumps(event).encode())


def _pieces(text: str) -> list[str]:
    """A text in pieces of any size, the same ones each time."""
    chance = random.Random(text)
    found: list[str] = []
    at = 0
    while at < len(text):
        size = chance.randint(1, _MOST_PIECE)
        found.append(text[at : at + size])
        at += size
    return found


def _halves(text: str) -> list[tuple[str, str]]:
    """A text split at every place."""
    return [(text[:at], text[at:]) for at in range(1, len(text))]


def _arguments(text: str) -> str:
    return json.dumps({"at": text})


def _call(text: str, number: int = 1) -> dict[str, Any]:
    return {"id": f"call_{number}", "type": "function", "function": {"name": "look", "arguments": text}}


def chat(texts: Mapping[str, str]) -> dict[str, Any]:
    """An answer of OpenAI's chat interface."""
    said = {
        "role": "assistant",
        "content": texts["answer"],
        "refusal": texts["refusal in an answer"],
        "reasoning_content": texts["thoughts of an answer"],
        "tool_calls": [_call(_arguments(texts["arguments of an asked tool"]))],
    }
    choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
    return {**_OPENAI, "model": texts["model of an answer"], "choices": [choice]}


def _chunk(delta: dict[str, Any], index: int = 0, reason: str | None = None) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": reason}
    return {**_OPENAI, "object": "chat.completion.chunk", "model": "g", "choices": [choice]}


def chat_stream(texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The chunks of one."""
    yield _chunk({"role": "assistant", "content": ""})
    for piece in _pieces(texts["streamed thoughts"]):
        yield _chunk({"reasoning_content": piece})
    for piece in _pieces(texts["streamed answer"]):
        yield _chunk({"content": piece})
    yield _chunk({"tool_calls": [{"index": 0, **_call("")}]})
    for piece in _pieces(_arguments(texts["arguments of a streamed tool call"])):
        yield _chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    yield _chunk({}, reason="stop")


def chat_stream_split(texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The chunks of one with many choices: each is split at another place."""
    for index, pieces in enumerate(_halves(texts["streamed answer, split anywhere"])):
        for piece in pieces:
            yield _chunk({"content": piece}, index)
    for number, pieces in enumerate(_halves(_arguments(texts["streamed arguments, split anywhere"]))):
        yield _chunk({"tool_calls": [{"index": number, **_call("", number)}]})
        for piece in pieces:
            yield _chunk({"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
    yield _chunk({}, reason="stop")


def _spoken(text: str) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part]}


def response(texts: Mapping[str, str]) -> dict[str, Any]:
    """An answer of OpenAI's responses interface."""
    asked = _arguments(texts["arguments asked by a response"])
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": asked}
    return {**_RESPONSE, "status": "completed", "output": [_spoken(texts["answer of a response"]), call]}


def response_stream(texts: Mapping[str, str], *, split: bool) -> Iterator[dict[str, Any]]:
    """The events of one, which breaks off before it is told as a whole."""
    rows = _halves(texts["streamed response, split anywhere"]) if split else [_pieces(texts["streamed response"])]
    number = 0
    yield {"type": "response.created", "sequence_number": 0, "response": {**_RESPONSE, "output": []}}
    for index, row in enumerate(rows):
        place = {"output_index": index, "item_id": f"msg_{index}"}
        number += 1
        begun: dict[str, Any] = {**_spoken(""), "content": [], "status": "in_progress", "id": f"msg_{index}"}
        yield {"type": "response.output_item.added", "sequence_number": number, "output_index": index, "item": begun}
        for piece in row:
            number += 1
            delta: dict[str, Any] = {
                "sequence_number": number,
                **place,
                "content_index": 0,
                "delta": piece,
                "logprobs": [],
            }
            yield {"type": "response.output_text.delta", **delta}


def message(texts: Mapping[str, str]) -> dict[str, Any]:
    """An answer of Anthropic's messages interface."""
    content = [
        {"type": "thinking", "thinking": texts["thoughts: Anthropic"], "signature": "none"},
        {"type": "tool_use", "id": "t1", "name": "look", "input": {"at": texts["input of an asked tool: Anthropic"]}},
    ]
    return {**_MESSAGE, "content": content, "stop_reason": "end_turn", "usage": _USAGE}


def _block(index: int, empty: dict[str, Any], kind: str, name: str, pieces: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for piece in pieces:
        yield {"type": "content_block_delta", "index": index, "delta": {"type": kind, name: piece}}
    yield {"type": "content_block_stop", "index": index}


def _enclosed(blocks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": {**_MESSAGE, "content": [], "stop_reason": None, "usage": _USAGE}}
    yield from blocks
    ended = {"stop_reason": "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {"output_tokens": 1}}
    yield {"type": "message_stop"}


def message_stream(texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The events of one."""

    def blocks() -> Iterator[dict[str, Any]]:
        thinking = {"type": "thinking", "thinking": "", "signature": ""}
        tool: dict[str, Any] = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
        asked = _pieces(_arguments(texts["input of a streamed tool: Anthropic"]))
        yield from _block(0, thinking, "thinking_delta", "thinking", _pieces(texts["streamed thoughts: Anthropic"]))
        text = {"type": "text", "text": ""}
        yield from _block(1, text, "text_delta", "text", _pieces(texts["streamed answer: Anthropic"]))
        yield from _block(2, tool, "input_json_delta", "partial_json", asked)

    return _enclosed(blocks())


def message_stream_split(texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The events of one with many blocks: each is split at another place."""

    def blocks() -> Iterator[dict[str, Any]]:
        said = _halves(texts["streamed answer, split anywhere: Anthropic"])
        asked = _halves(_arguments(texts["streamed input, split anywhere: Anthropic"]))
        for index, pieces in enumerate(said):
            yield from _block(index, {"type": "text", "text": ""}, "text_delta", "text", pieces)
        for index, pieces in enumerate(asked, len(said)):
            tool: dict[str, Any] = {"type": "tool_use", "id": f"t{index}", "name": "look", "input": {}}
            yield from _block(index, tool, "input_json_delta", "partial_json", pieces)

    return _enclosed(blocks())
