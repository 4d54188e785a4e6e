"""Makes every kind of call with whichever release of the client is installed, and prints what was recorded, as JSON.

Run by `test_anthropic_versions.py` in an environment of its own; it needs nothing but the client and tachograph.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-test-1",
    "content": [{"type": "text", "text": "Four."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 10,
        "output_tokens": 3,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
    },
}
EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Fo"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "ur."}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 9},
    },
    {"type": "message_stop"},
]
ASK: dict[str, Any] = {
    "model": "claude-test-1",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "2+2?"}],
}


class Handler(BaseHTTPRequestHandler):
    """Answers as the provider does, once with an error."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
        refuse = asked["messages"][0]["content"] == "refuse"
        if asked.get("stream"):
            content = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in EVENTS).encode()
            kind = "text/event-stream"
        else:
            answer = {"type": "error", "error": {"type": "overloaded_error", "message": "no"}} if refuse else MESSAGE
            content = json.dumps(answer).encode()
            kind = "application/json"
        self.send_response(529 if refuse else 200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def sync_calls(client: Any) -> None:
    """One of each kind, in the order the test expects."""
    client.messages.create(**ASK)
    for _ in client.messages.create(stream=True, **ASK):
        pass
    with client.messages.stream(**ASK) as stream:
        assert "".join(stream.text_stream) == "Four."
        assert stream.get_final_message().content[0].text == "Four."
    assert client.messages.with_raw_response.create(**ASK).parse().id == "msg_1"
    with client.messages.with_streaming_response.create(**ASK) as response:
        assert response.parse().id == "msg_1"
    with client.messages.create(stream=True, **ASK) as stream:
        for event in stream:
            if event.type == "content_block_delta":
                break
    try:
        client.messages.create(**{**ASK, "messages": [{"role": "user", "content": "refuse"}]})
    except Exception as error:
        assert getattr(error, "status_code", None) == 529  # noqa: PT017 - no pytest in this environment


async def async_calls(client: Any) -> None:
    """The same for the asynchronous client, as far as it differs."""
    await client.messages.create(**ASK)
    async for _ in await client.messages.create(stream=True, **ASK):
        pass
    async with client.messages.stream(**ASK) as stream:
        assert (await stream.get_final_message()).content[0].text == "Four."
    await client.close()


def main() -> None:
    """Record all calls and print the spans."""
    import tachograph_anthropic

    tachograph_anthropic.instrument()

    import anthropic
    from opentelemetry import trace
    from opentelemetry.sdk.resources import Resource

    from tachograph.distro.sealed_processors import SealedProcessors
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.journal import journal_files, read
    from tachograph.recorder import JournalSpanProcessor, ProcessRecorder
    from tachograph.redaction import Sealer
    from tachograph.run import Settings
    from tachograph.runtime import install

    folder = Path(tempfile.mkdtemp())
    sealer = Sealer(bytes(32), {})
    recorder = ProcessRecorder("00000000-0000-4000-8000-000000000000", folder, Settings(), sealer, {})
    trace.set_tracer_provider(
        RecordingProvider(Resource({}), SealedProcessors(JournalSpanProcessor(recorder), sealer), None)
    )
    install(recorder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where: dict[str, Any] = {
        "base_url": f"http://127.0.0.1:{server.server_address[1]}",
        "api_key": "x",
        "max_retries": 0,
    }
    with anthropic.Anthropic(**where) as client:
        sync_calls(client)
    asyncio.run(async_calls(anthropic.AsyncAnthropic(**where)))
    server.shutdown()
    spans = [
        dict(record)
        for parts in journal_files(folder)
        for record in read(parts, print)
        if record.get("type") == "span.end"
    ]
    json.dump({"version": anthropic.__version__, "spans": spans}, sys.stdout)


if __name__ == "__main__":
    main()
