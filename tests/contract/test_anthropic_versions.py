"""The oldest and the newest release of each major version of the client, each in an environment of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.contract.conftest import RunIn

SCENARIO = Path(__file__).with_name("anthropic_scenario.py")

# Releases before 0.40 hand the HTTP library an argument that httpx 0.28 took away.
VERSIONS: list[tuple[str, list[str]]] = [
    ("0.16.0", ["httpx<0.28"]),
    ("0.125.0", []),
    ("1.0.0", []),
    ("1.17.0", []),
    ("2.0.0", []),
    ("2.11.0", []),
]

STREAMED = {"gen_ai.usage.output_tokens": 9, "tachograph.stream.outcome": "complete"}
WHOLE = {"gen_ai.usage.output_tokens": 3}
REPORTED = {
    "gen_ai.usage.input_tokens": 140,
    "gen_ai.usage.cache_read.input_tokens": 100,
    "gen_ai.usage.cache_write.input_tokens": 30,
    "tachograph.usage.cache_write_5m.input_tokens": 10,
    "tachograph.usage.cache_write_1h.input_tokens": 20,
    "tachograph.usage.provenance": "reported",
    "gen_ai.response.id": "msg_1",
    "gen_ai.response.finish_reasons": ["end_turn"],
}
ABANDONED = {
    "gen_ai.usage.input_tokens": 140,
    "gen_ai.usage.output_tokens": 3,
    "tachograph.usage.provenance": "estimated",
    "tachograph.stream.outcome": "abandoned",
}
EXPECTED: list[dict[str, Any]] = [
    REPORTED | WHOLE,
    REPORTED | STREAMED,
    REPORTED | STREAMED,
    REPORTED | WHOLE,
    REPORTED | WHOLE,
    ABANDONED,
    {"http.response.status_code": 529},
    REPORTED | WHOLE,
    REPORTED | STREAMED,
    REPORTED | STREAMED,
]


@pytest.mark.clients
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("version", "extra"), VERSIONS, ids=[version for version, _ in VERSIONS])
def test_every_kind_of_call(run_in: RunIn, version: str, extra: list[str]) -> None:
    found = run_in("anthropic", version, extra, SCENARIO)

    assert found["version"] == version
    spans = found["spans"]
    assert [span["scope"] for span in spans] == ["tachograph.anthropic"] * len(EXPECTED)
    assert [
        {key: span["attributes"].get(key) for key in expected} for span, expected in zip(spans, EXPECTED, strict=True)
    ] == EXPECTED
