"""A provider on loopback with a script of answers, and clients of both generations of the HTTP library."""

from __future__ import annotations

import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pytest

import tachograph_anthropic
import tachograph_http
import tachograph_openai

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Recording

COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-test-1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"}],
}
CHUNK: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "gpt-test-1",
    "choices": [{"index": 0, "delta": {"content": "Four."}, "finish_reason": "stop"}],
}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-test-1",
    "content": [{"type": "text", "text": "Four."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 12, "output_tokens": 3},
}


@dataclass
class Answer:
    """One scripted answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    resets: bool = False
    """Whether the connection is reset in the middle of the body."""
    holds: threading.Event | None = None
    """What is waited for before anything is answered."""


class Provider(ThreadingHTTPServer):
    """Answers in the order of its script and keeps the headers of what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Answer] = []
        self.asked: list[dict[str, str]] = []
        self.first = threading.Event()
        """Set once there was a request."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self, *answers: Answer) -> None:
        """Add to the script."""
        self.script.extend(answers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        provider = cast("Provider", self.server)
        asked = self.rfile.read(int(self.headers.get("content-length", 0)))
        provider.asked.append({name.lower(): value for name, value in self.headers.items()})
        provider.first.set()
        answer = provider.script.pop(0)
        if answer.holds is not None:
            answer.holds.wait(20)
        body, kind = answer.body, "application/json"
        if body is None:
            body = MESSAGE if self.path.endswith("/messages") else COMPLETION
        content = json.dumps(body).encode()
        if asked and json.loads(asked).get("stream") and answer.status == 200:
            content, kind = b"data: " + json.dumps(CHUNK).encode() + b"\n\ndata: [DONE]\n\n", "text/event-stream"
        try:
            self.send_response(answer.status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            # It has to be said: a client that asks again before it sees the end would have to try twice.
            self.send_header("connection", "close")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if answer.resets:
                self.wfile.write(content[:9])
                self.wfile.flush()
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            self.wfile.write(content)
        except OSError:
            # The client has gone.
            pass

    do_GET = do_POST  # noqa: N815 - the base class's name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that answers what it is told to."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def recorded(recording: Recording) -> Iterator[Recording]:
    """A recording with default settings, clients and HTTP instrumented."""
    tachograph_openai.instrument()
    tachograph_anthropic.instrument()
    tachograph_http.instrument()
    yield recording
    tachograph_http.uninstrument()
    tachograph_anthropic.uninstrument()
    tachograph_openai.uninstrument()


@pytest.fixture
def openai_client(provider: Provider) -> Callable[..., Any]:
    """Makes OpenAI clients of the provider."""
    from openai import OpenAI

    def make(**options: Any) -> Any:
        arguments: Any = {"base_url": f"{provider.origin}/v1", "api_key": "x", "max_retries": 2, **options}
        return OpenAI(**arguments)

    return make


@pytest.fixture
def async_openai_client(provider: Provider) -> Callable[..., Any]:
    """Makes asynchronous OpenAI clients of the provider."""
    from openai import AsyncOpenAI

    def make(**options: Any) -> Any:
        arguments: Any = {"base_url": f"{provider.origin}/v1", "api_key": "x", "max_retries": 2, **options}
        return AsyncOpenAI(**arguments)

    return make


class Seen:
    """The journal as the tests compare it."""

    def __init__(self, recorded: Recording, provider: Provider) -> None:
        self._recorded = recorded
        self._provider = provider

    def call(self) -> dict[str, Any]:
        """What the one call has of its attempts; that the time between them is known is checked."""
        (call,) = [span for span in self._recorded.spans() if span["scope"] != "tachograph.http"]
        found = {
            key: value
            for key, value in call["attributes"].items()
            if key.startswith(("tachograph.http.", "tachograph.request."))
        }
        waited = found.pop("tachograph.http.waited_ns", None)
        tries = self._tries()
        gaps = [later["start_ns"] - (one["start_ns"] + one["duration_ns"]) for one, later in pairwise(tries)]
        assert waited == (sum(gaps) if tries else None)
        return found

    def tries(self) -> list[dict[str, Any]]:
        """The attributes of the attempts; what they have in common is checked and left out."""
        (call,) = [span for span in self._recorded.spans() if span["scope"] != "tachograph.http"]
        made: list[dict[str, Any]] = []
        for number, span in enumerate(self._tries()):
            assert (span["name"], span["kind"], span["parent_id"]) == ("POST", "client", call["span_id"])
            assert call["start_ns"] <= span["start_ns"]
            own = dict(span["attributes"])
            assert own.pop("http.request.method") == "POST"
            assert own.pop("server.address") == "127.0.0.1"
            assert own.pop("server.port") == self._provider.port
            assert own.pop("url.full").startswith(f"{self._provider.origin}/v1/")
            assert own.pop("http.request.resend_count", 0) == number
            assert span["status"] == ("error" if "error.type" in own else "unset")
            made.append(own)
        return made

    def _tries(self) -> list[dict[str, Any]]:
        found = [span for span in self._recorded.spans() if span["scope"] == "tachograph.http"]
        return sorted(found, key=lambda span: span["start_ns"])


@pytest.fixture
def seen(recorded: Recording, provider: Provider) -> Seen:
    """What was recorded."""
    return Seen(recorded, provider)
