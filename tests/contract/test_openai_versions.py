"""The oldest and the newest release of each major version of the client, each in an environment of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.contract.conftest import RunIn

SCENARIO = Path(__file__).with_name("openai_scenario.py")

# The first release hands the HTTP library an argument that httpx 0.28 took away.
VERSIONS: list[tuple[str, list[str]]] = [
    ("1.0.0", ["httpx<0.28"]),
    ("1.109.1", []),
    ("2.0.0", []),
    ("2.54.0", []),
    ("3.0.0", []),
    ("3.52.0", []),
]

ASKED: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-test",
    "server.address": "127.0.0.1",
    "tachograph.input.message.count": 1,
    "tachograph.content.input": "2+2?",
}
CHAT = ASKED | {
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.model": "gpt-test-1",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.usage.cache_read.input_tokens": 64,
    "gen_ai.usage.reasoning.output_tokens": 20,
    "tachograph.usage.provenance": "reported",
    "tachograph.content.output": "Four.",
}
TOOLS = CHAT | {
    "gen_ai.response.finish_reasons": ["tool_calls"],
    "tachograph.content.output": "add",
    "tachograph.content.tools": "add",
}
STREAM = CHAT | {
    "gen_ai.request.stream": True,
    "tachograph.stream.chunks": 5,
    "tachograph.stream.outcome": "complete",
}
CLOSED = ASKED | {
    "gen_ai.request.stream": True,
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.model": "gpt-test-1",
    "gen_ai.usage.output_tokens": 1,
    "tachograph.content.output": "Fo",
    "tachograph.stream.chunks": 2,
    "tachograph.stream.outcome": "abandoned",
    "tachograph.usage.provenance": "estimated",
}
REFUSED: dict[str, Any] = ASKED | {
    "gen_ai.request.model": "refuse",
    "error.type": "openai.RateLimitError",
    "http.response.status_code": 429,
    "tachograph.usage.provenance": "missing",
    "code.file.path": str(SCENARIO),
    "code.line.number": SCENARIO.read_text("utf-8").split('create(**{**ASK, "model": "refuse"})')[0].count("\n") + 1,
    "code.function.name": "sync_calls",
}
EMBEDDINGS: dict[str, Any] = {
    "gen_ai.operation.name": "embeddings",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "embed-test",
    "gen_ai.request.encoding_formats": ["float"],
    "gen_ai.response.model": "embed-test-1",
    "gen_ai.embeddings.dimension.count": 2,
    "gen_ai.usage.input_tokens": 5,
    "server.address": "127.0.0.1",
    "tachograph.content.input": "one",
    "tachograph.usage.provenance": "reported",
}
RESPONSE = ASKED | {
    "gen_ai.response.id": "resp_1",
    "gen_ai.response.model": "gpt-test-1",
    "gen_ai.response.finish_reasons": ["completed"],
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 30,
    "tachograph.usage.provenance": "reported",
    "tachograph.content.output": "Four.",
}


def expected(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What a release has to leave on record, by what it can do."""
    return [
        CHAT,
        TOOLS,
        STREAM,
        CHAT,
        STREAM,
        CLOSED,
        REFUSED,
        REFUSED | {"tachograph.request.retries": 1, "code.line.number": REFUSED["code.line.number"] + 4},
        EMBEDDINGS,
        *([CHAT | {"tachograph.stream.outcome": "complete"}] if found["streaming_response"] else []),
        *([RESPONSE] if found["responses"] else []),
        CHAT,
        STREAM,
        STREAM,
    ]


def attributes(span: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a span, with what is referred to in the place of the reference."""
    known: dict[str, Any] = dict(span["attributes"])
    assert 0 < known.pop("server.port") < 65536
    assert 0 < known.pop("gen_ai.response.time_to_first_chunk", 1) < 60
    for key, value in known.items():
        if key.startswith("tachograph.content."):
            known[key] = said(content[value], content)
    return known


def said(record: dict[str, Any], content: dict[str, Any]) -> str:
    """The text of a message, or the name of the tool it is about."""
    (part,), (part_id,) = record["parts"], record["part_ids"]
    for other in content.values():
        for body, body_id in zip(other["parts"], other["part_ids"], strict=True):
            if body_id == part_id and not body.get("ref"):
                part = body
    return part.get("name") or part["content"]


@pytest.mark.clients
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("version", "extra"), VERSIONS, ids=[version for version, _ in VERSIONS])
def test_every_kind_of_call(run_in: RunIn, version: str, extra: list[str]) -> None:
    found = run_in("openai", version, extra, SCENARIO)

    assert found["version"] == version
    assert {span["scope"] for span in found["spans"]} == {"tachograph.openai"}
    assert [attributes(span, found["content"]) for span in found["spans"]] == expected(found)
