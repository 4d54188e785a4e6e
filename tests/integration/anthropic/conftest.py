"""A provider on loopback that gives scripted answers, and the instrumented client."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

import pytest

import tachograph_anthropic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from anthropic import Anthropic, AsyncAnthropic
    from tests.conftest import Recording


@dataclass
class Answer:
    """One scripted answer: a JSON body, or events."""

    body: object = None
    events: list[dict[str, Any]] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    breaks: bool = False
    """Whether the connection is cut after the last event, in the middle of the body."""
    holds: threading.Event | None = None
    """What is waited for before the last event."""


class Provider(ThreadingHTTPServer):
    """Answers in the order of its script and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Answer] = []
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.on_request: Callable[[], object] | None = None

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answers(self, *answers: Answer) -> None:
        """Add to the script."""
        self.script.extend(answers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        provider = cast("Provider", self.server)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        provider.asked.append((self.path, headers, json.loads(body) if body else None))
        if provider.on_request is not None:
            provider.on_request()
        answer = provider.script.pop(0)
        self.close_connection = True
        self.send_response(answer.status)
        self.send_header("request-id", "req_1")
        self.send_header("connection", "close")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.events is None:
            content = json.dumps(answer.body).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for number, event in enumerate(answer.events, 1):
                if answer.holds is not None and number == len(answer.events):
                    answer.holds.wait(20)
                frame = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(frame), frame))
                self.wfile.flush()
            if not answer.breaks:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            # The client has gone.
            pass

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
    """A recording with default settings, and the client instrumented."""
    tachograph_anthropic.instrument()
    yield recording
    tachograph_anthropic.uninstrument()


@pytest.fixture
def client(provider: Provider) -> Iterator[Anthropic]:
    """A client of the provider."""
    from anthropic import Anthropic

    with Anthropic(base_url=provider.url, api_key="x", max_retries=0) as made:
        yield made


@pytest.fixture
async def aclient(provider: Provider) -> AsyncIterator[AsyncAnthropic]:
    """An asynchronous client of the provider."""
    from anthropic import AsyncAnthropic

    async with AsyncAnthropic(base_url=provider.url, api_key="x", max_retries=0) as made:
        yield made


class Script:
    """Answers as the provider gives them, and the journal as the tests compare it."""

    def answer(self, body: object, **more: Any) -> Answer:
        """A JSON answer."""
        return Answer(body=body, **more)

    def message(self, **changed: Any) -> dict[str, Any]:
        """A whole message, with members changed."""
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-test-1-20260101",
            "content": [{"type": "text", "text": "Four."}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 12, "output_tokens": 3},
            **changed,
        }

    def stream(self, *pieces: str, **more: Any) -> Answer:
        """A streamed answer of some pieces of text."""
        return Answer(events=self.events(*pieces), **more)

    def events(self, *pieces: str, usage: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The events of a streamed answer of some pieces of text: `5 + len(pieces)` and a ping."""
        begun = self.message(content=[], stop_reason=None, usage=usage or {"input_tokens": 12, "output_tokens": 1})
        return [
            {"type": "message_start", "message": begun},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "ping"},
            *(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
                for piece in pieces
            ),
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 9},
            },
            {"type": "message_stop"},
        ]

    def only_span(self, recorded: Recording) -> dict[str, Any]:
        """The one span of the journal, which has begun once and ended once."""
        (begun,) = recorded.records("span.start")
        (ended,) = recorded.records("span.end")
        assert begun.get("span_id") == ended.get("span_id")
        return dict(ended)

    def without_content(self, span: dict[str, Any]) -> dict[str, Any]:
        """The attributes of a span without references to content."""
        return {key: value for key, value in span["attributes"].items() if not key.startswith(_CONTENT)}

    def content(self, recorded: Recording, span: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """What a span refers to: the messages of its input, system, tools and output."""
        return {
            key.removeprefix(_CONTENT): recorded.conversation(name)
            for key, name in span["attributes"].items()
            if key.startswith(_CONTENT)
        }


_CONTENT = "tachograph.content."


@pytest.fixture
def script() -> Script:
    """What answers are made of."""
    return Script()
