"""Makes every kind of call with whichever release of the client is installed, and prints what was recorded, as JSON.

Run by `test_openai_versions.py` in an environment of its own; it needs nothing but the client and tachograph.
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

USAGE: dict[str, Any] = {
    "prompt_tokens": 100,
    "completion_tokens": 30,
    "total_tokens": 130,
    "prompt_tokens_details": {"cached_tokens": 64},
    "completion_tokens_details": {"reasoning_tokens": 20},
}
HEAD: dict[str, Any] = {"id": "chatcmpl-1", "created": 1, "model": "gpt-test-1"}
COMPLETION: dict[str, Any] = {
    **HEAD,
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"}],
    "usage": USAGE,
}
CALLED: dict[str, Any] = {
    **COMPLETION,
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}
                ],
            },
            "finish_reason": "tool_calls",
        }
    ],
}
DELTAS: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "Fo"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "ur."}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": USAGE},
]
CHUNKS = [{**HEAD, "object": "chat.completion.chunk", **rest} for rest in DELTAS]
EMBEDDING: dict[str, Any] = {
    "object": "list",
    "model": "embed-test-1",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}],
    "usage": {"prompt_tokens": 5, "total_tokens": 5},
}
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "gpt-test-1",
    "status": "completed",
    "output": [
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Four.", "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {"input_tokens": 100, "output_tokens": 30, "total_tokens": 130},
}
ASK: dict[str, Any] = {"model": "gpt-test", "messages": [{"role": "user", "content": "2+2?"}]}


class Handler(BaseHTTPRequestHandler):
    """Answers as the provider does; what is to be refused is refused."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, kind = 200, "application/json"
        if asked["model"] == "refuse":
            status, body = 429, json.dumps({"error": {"message": "slow down"}})
        elif asked.get("stream"):
            kind = "text/event-stream"
            body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in CHUNKS) + "data: [DONE]\n\n"
        elif self.path.endswith("/embeddings"):
            body = json.dumps(EMBEDDING)
        elif self.path.endswith("/responses"):
            body = json.dumps(RESPONSE)
        else:
            body = json.dumps(CALLED if "tools" in asked else COMPLETION)
        content = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def sync_calls(client: Any) -> None:
    """One of each kind, in the order the test expects."""
    assert client.chat.completions.create(**ASK).id == "chatcmpl-1"
    tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}
    # The first release has no argument for them yet.
    client.chat.completions.create(**ASK, extra_body={"tools": [tool]})
    assert len(list(client.chat.completions.create(**ASK, stream=True))) == 5
    assert client.chat.completions.with_raw_response.create(**ASK).parse().id == "chatcmpl-1"
    raw = client.chat.completions.with_raw_response.create(**ASK, stream=True)
    assert len(list(raw.parse())) == 5
    stream = client.chat.completions.create(**ASK, stream=True)
    next(stream)
    next(stream)
    stream.response.close()
    try:
        client.chat.completions.create(**{**ASK, "model": "refuse"})
    except Exception as error:
        assert getattr(error, "status_code", None) == 429  # noqa: PT017 - no pytest in this environment
    try:
        client.with_options(max_retries=1).chat.completions.create(**{**ASK, "model": "refuse"})
    except Exception as error:
        assert getattr(error, "status_code", None) == 429  # noqa: PT017 - the same
    client.embeddings.create(model="embed-test", input="one", encoding_format="float")
    if hasattr(client.chat.completions, "with_streaming_response"):
        with client.chat.completions.with_streaming_response.create(**ASK) as response:
            assert response.parse().id == "chatcmpl-1"
    if hasattr(client, "responses"):
        client.responses.create(model="gpt-test", input="2+2?")


async def async_calls(client: Any) -> None:
    """The same for the asynchronous client, as far as it differs."""
    await client.chat.completions.create(**ASK)
    assert len([chunk async for chunk in await client.chat.completions.create(**ASK, stream=True)]) == 5
    raw = await client.chat.completions.with_raw_response.create(**ASK, stream=True)
    assert len([chunk async for chunk in raw.parse()]) == 5
    await client.close()


def main() -> None:
    """Record all calls and print the spans."""
    import tachograph_openai

    tachograph_openai.instrument()

    import openai
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
        "base_url": f"http://127.0.0.1:{server.server_address[1]}/v1",
        "api_key": "x",
        "max_retries": 0,
    }
    client = openai.OpenAI(**where)
    sync_calls(client)
    client.close()
    asyncio.run(async_calls(openai.AsyncOpenAI(**where)))
    server.shutdown()
    records = [dict(record) for parts in journal_files(folder) for record in read(parts, print)]
    json.dump(
        {
            "version": openai.__version__,
            "spans": [record for record in records if record["type"] == "span.end"],
            "content": {record["id"]: record for record in records if record["type"] == "content"},
            "streaming_response": hasattr(client.chat.completions, "with_streaming_response"),
            "responses": hasattr(client, "responses"),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
