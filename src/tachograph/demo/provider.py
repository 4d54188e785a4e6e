"""A provider stub: a real HTTP server on loopback that speaks the APIs of OpenAI and Anthropic.

Its answers follow from the requests (see `tachograph.demo.reply`); faults are asked for in a request header, so that a
program can have them with the clients as they are (``extra_headers={"X-Demo-Fault": "429"}``):

========== ======================================================================================
429        too many requests, to be tried again after a moment; a retry is answered
529        overloaded; a retry is answered
500        an internal error; a retry is answered
always-500 an internal error, whatever is tried
malformed  an answer whose parts are null
not-json   an answer that is not JSON
no-usage   an answer without token counts
broken     a stream or a body that is cut off in the middle
slow       a pause of 50 ms before each chunk of a stream
========== ======================================================================================

``X-Demo-Chunks: 50`` streams a text in that many pieces.

    python -m tachograph.demo --port 8080
"""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

from tachograph.demo import anthropic_api, openai_api

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

_SLOW_S = 0.05
_REFUSALS = {"429": 429, "529": 529, "500": 500, "always-500": 500}


class Request(NamedTuple):
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Any


class Provider:
    """The running stub. Use it as a context manager, or call :meth:`close`.

    Parameters
    ----------
    port
        The port on 127.0.0.1; 0 takes a free one.

    Attributes
    ----------
    url
        ``http://127.0.0.1:<port>``. OpenAI's API is below ``/v1``; Anthropic's client adds that by itself.
    requests
        What came in, oldest first.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.caches = anthropic_api.Caches()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.provider = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    provider: Provider

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Write no access log."""

    def do_GET(self) -> None:
        """See `http.server`."""
        self._keep(None)
        if self.path.partition("?")[0].endswith("/models"):
            self._json(200, openai_api.models())
        else:
            self._refuse(404, f"no such path: {self.path}")

    def do_POST(self) -> None:
        """See `http.server`."""
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body: Any = json.loads(raw)
        except ValueError:
            body = None
        self._keep(body)
        if not isinstance(body, dict):
            self._refuse(400, "the body is not a JSON object")
            return
        fault = self.headers.get("x-demo-fault", "")
        if fault in _REFUSALS and (fault == "always-500" or self._attempt() == 0):
            self._refuse(_REFUSALS[fault], f"asked for {fault}")
            return
        self._answer(cast("dict[str, Any]", body), fault)

    def _answer(self, body: dict[str, Any], fault: str) -> None:
        path = self.path.partition("?")[0]
        count = self.headers.get("x-demo-chunks")
        pieces = int(count) if count else None
        stream = bool(body.get("stream"))
        caches = self.server.provider.caches
        if path.endswith("/chat/completions"):
            if stream:
                self._stream(map(_data, openai_api.chat_chunks(body, pieces)), b"data: [DONE]\n\n", fault)
            else:
                self._whole(openai_api.chat(body), fault)
        elif path.endswith("/responses"):
            if stream:
                self._stream(map(_event, openai_api.response_events(body, pieces)), b"", fault)
            else:
                self._whole(openai_api.response(body), fault)
        elif path.endswith("/embeddings"):
            self._whole(openai_api.embeddings(body), fault)
        elif path.endswith("/completions"):
            self._whole(openai_api.completion(body), fault)
        elif path.endswith("/messages/count_tokens"):
            self._whole(anthropic_api.count_tokens(body), fault)
        elif path.endswith("/messages"):
            if stream:
                self._stream(map(_event, anthropic_api.message_events(body, caches, pieces)), b"", fault)
            else:
                self._whole(anthropic_api.message(body, caches), fault)
        else:
            self._refuse(404, f"no such path: {self.path}")

    def _attempt(self) -> int:
        return int(self.headers.get("x-stainless-retry-count") or 0)

    def _keep(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.provider.requests.append(Request(self.command, self.path, headers, body))

    def _refuse(self, status: int, text: str) -> None:
        api = anthropic_api if self.headers.get("anthropic-version") else openai_api
        self._json(status, api.error(status, text), {"retry-after-ms": "20"} if status in {429, 529} else {})

    def _whole(self, answer: dict[str, Any], fault: str) -> None:
        if fault == "not-json":
            self._send(200, b"<html>nothing here</html>", "application/json")
        elif fault == "broken":
            encoded = json.dumps(answer).encode()
            self._begin(200, "application/json", {"content-length": str(len(encoded))})
            self.wfile.write(encoded[: len(encoded) // 2])
            self._cut()
        else:
            self._json(200, _spoiled(answer, fault))

    def _json(self, status: int, answer: Any, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json", headers or {})

    def _send(self, status: int, encoded: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self._begin(status, kind, {"content-length": str(len(encoded)), **(headers or {})})
        self.wfile.write(encoded)

    def _begin(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        number = len(self.server.provider.requests)
        self.send_response(status)
        self.send_header("content-type", kind)
        left = str(max(0, 500 - number))
        if self.headers.get("anthropic-version"):
            vendor_headers = {"request-id": f"req_demo{number}", "anthropic-ratelimit-requests-remaining": left}
        else:
            vendor_headers = {"x-request-id": f"req_demo{number}", "x-ratelimit-remaining-requests": left}
        headers = {**vendor_headers, **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _stream(self, events: Iterable[bytes], last: bytes, fault: str) -> None:
        if fault == "not-json":
            events = iter([b"data: {nothing here\n\n"])
        elif fault in {"malformed", "no-usage"}:
            events = (_respoiled(event, fault) for event in events)
        self._begin(200, "text/event-stream; charset=utf-8", {"transfer-encoding": "chunked"})
        parts = [*events, last] if last else list(events)
        if fault == "broken":
            for part in parts[: len(parts) // 2]:
                self.wfile.write(_framed(part))
            self._cut()
        elif fault == "slow":
            for part in parts:
                time.sleep(_SLOW_S)
                self.wfile.write(_framed(part))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(b"".join(map(_framed, parts)) + b"0\r\n\r\n")

    def _cut(self) -> None:
        """Break the connection off as a lost network does."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _data(chunk: dict[str, Any]) -> bytes:
    return b"data: %b\n\n" % json.dumps(chunk).encode()


def _event(event: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.dumps(event).encode())


def _framed(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


def _respoiled(event: bytes, fault: str) -> bytes:
    head, _, data = event.partition(b"data: ")
    if not data.startswith(b"{"):
        return event
    return b"%bdata: %b\n\n" % (head, json.dumps(_spoiled(json.loads(data), fault)).encode())


def _spoiled(answer: dict[str, Any], fault: str) -> dict[str, Any]:
    if fault == "malformed":
        nulls = {key: [None] for key in ("choices", "output", "content", "data") if isinstance(answer.get(key), list)}
        return {**answer, **nulls, "usage": {"prompt_tokens": "many", "input_tokens": -1}, "model": None}
    if fault == "no-usage":
        kept = {key: value for key, value in answer.items() if key != "usage"}
        return {
            key: _spoiled(cast("dict[str, Any]", value), fault) if key in {"message", "response"} else value
            for key, value in kept.items()
        }
    return answer
