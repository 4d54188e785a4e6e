"""A provider on loopback that gives scripted answers, and the instrumented client."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

import tachograph_openai

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from openai import AsyncOpenAI, OpenAI
    from tests.conftest import Recording


@dataclass
class Answer:
    """One scripted answer: a body, or the data of events."""

    body: object = None
    events: list[dict[str, Any]] | None = None
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    breaks: bool = False
    """Whether the connection is cut after the last event, in the middle of the body."""
    holds: threading.Event | None = None
    """What is waited for before the last event, or before a body."""


class Provider(ThreadingHTTPServer):
    """Answers in the order of its script and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[Answer] = []
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.first = threading.Event()
        """Set once there was a request."""

    @property
    def origin(self) -> str:
        """Where it listens."""
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
        provider.first.set()
        answer = provider.script.pop(0)
        self.close_connection = True
        try:
            if answer.events is None:
                self._whole(answer)
            else:
                self._events(answer, answer.events)
        except OSError:
            # The client has gone.
            pass

    def _whole(self, answer: Answer) -> None:
        if answer.holds is not None:
            answer.holds.wait(20)
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self._head(answer, answer.content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _events(self, answer: Answer, events: list[dict[str, Any]]) -> None:
        self._head(answer, "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(events, 1):
            if answer.holds is not None and number == len(events):
                answer.holds.wait(20)
            name = f"event: {event['type']}\n" if "type" in event else ""
            self._chunk(f"{name}data: {json.dumps(event)}\n\n".encode())
        if not answer.breaks:
            self._chunk(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, frame: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(frame), frame))
        self.wfile.flush()

    def _head(self, answer: Answer, content_type: str) -> None:
        self.send_response(answer.status)
        self.send_header("content-type", content_type)
        self.send_header("x-request-id", "req_1")
        self.send_header("connection", "close")
        for name, value in answer.headers.items():
            self.send_header(name, value)

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
    tachograph_openai.instrument()
    yield recording
    tachograph_openai.uninstrument()


@pytest.fixture
def make_client(provider: Provider) -> Callable[..., OpenAI]:
    """Makes clients of the provider."""
    from openai import OpenAI

    def make(**options: Any) -> OpenAI:
        arguments: Any = {"base_url": f"{provider.origin}/v1", "api_key": "x", "max_retries": 0, **options}
        return OpenAI(**arguments)

    return make


@pytest.fixture
def client(make_client: Callable[..., OpenAI]) -> Iterator[OpenAI]:
    """A client of the provider that does not try again."""
    with make_client() as made:
        yield made


@pytest.fixture
async def aclient(provider: Provider) -> AsyncIterator[AsyncOpenAI]:
    """An asynchronous client of the provider."""
    from openai import AsyncOpenAI

    async with AsyncOpenAI(base_url=f"{provider.origin}/v1", api_key="x", max_retries=0) as made:
        yield made


class Script:
    """Answers as the provider gives them, and the journal as the tests compare it."""

    def __init__(self) -> None:
        self.ask: Any = {"model": "gpt-test", "messages": [{"role": "user", "content": "2+2?"}]}
        """The arguments of a plain call."""

    def answer(self, body: object, **more: Any) -> Answer:
        """A whole answer."""
        return Answer(body=body, **more)

    def completion(self, *choices: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """A whole chat completion, with members changed."""
        said = {"index": 0, "message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "gpt-test-2026-01-01",
            "choices": list(choices) or [said],
            "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
            **changed,
        }

    def chunk(self, delta: dict[str, Any] | None = None, reason: str | None = None, **changed: Any) -> dict[str, Any]:
        """One chunk of a streamed chat completion."""
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "gpt-test-2026-01-01",
            "choices": choices,
            **changed,
        }

    def stream(self, *pieces: str, usage: object = None, **more: Any) -> Answer:
        """A streamed chat completion of some pieces of text: `2 + len(pieces)` chunks, one more with usage."""
        events = [self.chunk({"role": "assistant", "content": ""})]
        events.extend(self.chunk({"content": piece}) for piece in pieces)
        events.append(self.chunk({}, "stop"))
        if usage is not None:
            events.append(self.chunk(usage=usage))
        return Answer(events=events, **more)

    def only_span(self, recorded: Recording) -> dict[str, Any]:
        """The one span of the journal, which has begun once and ended once."""
        (begun,) = recorded.records("span.start")
        (ended,) = recorded.records("span.end")
        assert begun.get("span_id") == ended.get("span_id")
        return dict(ended)

    def known(self, span: dict[str, Any], provider: Provider) -> dict[str, Any]:
        """The attributes of a span without references to content; those every span has are checked and left out."""
        found = {key: value for key, value in span["attributes"].items() if not key.startswith(_CONTENT)}
        assert found.pop("server.address") == "127.0.0.1"
        assert found.pop("server.port") == provider.server_address[1]
        if "gen_ai.response.time_to_first_chunk" in found:
            assert 0 < found.pop("gen_ai.response.time_to_first_chunk") < 60
        if span["status"] == "error":
            # The line of the test that has called.
            assert Path(found.pop("code.file.path")).parent == Path(__file__).parent
            assert found.pop("code.function.name").startswith("test_")
            assert found.pop("code.line.number") > 0
        return found

    def content(self, recorded: Recording, span: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """What a span refers to: the messages of its input, system, tools and output."""
        return {
            key.removeprefix(_CONTENT): [one for last in names.split(",") for one in recorded.conversation(last)]
            for key, names in span["attributes"].items()
            if key.startswith(_CONTENT)
        }


_CONTENT = "tachograph.content."


@pytest.fixture
def script() -> Script:
    """What answers are made of."""
    return Script()
