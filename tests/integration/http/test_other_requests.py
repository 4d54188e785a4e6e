"""Requests that are no calls of models: recorded where the settings say so, without the trace in their headers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from random import Random
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.http.conftest import Answer

if TYPE_CHECKING:
    from tests.integration.http.conftest import Provider

# Put together here: it would be found in this file otherwise.
TOKEN = "ghp" + "_" + "".join(Random(7).choices(ascii_letters + digits, k=36))

PROGRAM = """
import os, sys
import tachograph
{before}
tachograph.start(directory={directory!r})
import openai
import httpx
with tachograph.phase("validation"):
    openai.OpenAI(base_url="{origin}/v1", api_key="x").chat.completions.create(model="m", messages=[])
    httpx.get("{origin}/x?code=" + sys.argv[1], headers={{"authorization": "Bearer " + sys.argv[1]}})
"""

WARNING = (
    "tachograph: http = true, but only model calls are recorded because opentelemetry-instrumentation-httpx is "
    "missing. Install it: pip install 'tachograph[http]'\n"
)


def run(provider: Provider, folder: Path, settings: str, before: str = "") -> tuple[str, list[dict[str, Any]], str]:
    """What a program with these settings says, its spans, and all of its journal."""
    (folder / "tachograph.toml").write_text(settings, "utf-8")
    provider.answers(Answer(), Answer())
    code = PROGRAM.format(origin=provider.origin, directory=str(folder / "kept"), before=textwrap.dedent(before))
    done = subprocess.run(
        [sys.executable, "-c", code, TOKEN],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("TACHOGRAPH_")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    journal = "".join(path.read_text("utf-8") for path in (folder / "kept").rglob("*.jsonl"))
    records = [json.loads(line) for line in journal.splitlines()]
    return done.stderr, [record for record in records if record["type"] == "span.end"], journal


def names(spans: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Scope and name of each."""
    return [(span["scope"], span["name"]) for span in spans]


CALL, PHASE = ("tachograph.openai", "chat m"), ("tachograph", "validation")
OTHER = ("opentelemetry.instrumentation.httpx", "GET")
ATTEMPT = ("tachograph.http", "POST")
THEIRS = ("opentelemetry.instrumentation.httpx", "POST")


def test_not_unless_asked_for(provider: Provider, tmp_path: Path) -> None:
    said, spans, _ = run(provider, tmp_path, "")

    assert (said, names(spans)) == ("", [CALL, PHASE])


@pytest.mark.parametrize("propagate", [False, True])
def test_a_span_and_no_headers_unless_asked_for(provider: Provider, tmp_path: Path, propagate: bool) -> None:
    said, spans, journal = run(provider, tmp_path, f"http = true\nhttp_propagate = {str(propagate).lower()}\n")

    assert (said, names(spans)) == ("", [CALL, OTHER, PHASE])
    assert (spans[1]["kind"], spans[1]["parent_id"]) == ("client", spans[2]["span_id"])
    assert spans[1]["attributes"] == {
        "http.method": "GET",
        "http.status_code": 200,
        "http.url": f"{provider.origin}/x?code=REDACTED",
    }
    assert sum(spans[1]["redacted"].values()) == 1
    assert TOKEN not in journal
    assert ["traceparent" in asked for asked in provider.asked] == [False, propagate]


@pytest.mark.parametrize("propagate", [False, True])
def test_exporters_of_the_program_do_not_get_them(provider: Provider, tmp_path: Path, propagate: bool) -> None:
    own = """
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
    theirs = TracerProvider()
    theirs.add_span_processor(
        SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: f"exported {span.name}\\n"))
    )
    trace.set_tracer_provider(theirs)
    """
    settings = f"http = true\nhttp_propagate = {str(propagate).lower()}\n"
    said, spans, journal = run(provider, tmp_path, settings, own)

    assert (said, names(spans)) == ("exported chat m\nexported validation\n", [CALL, OTHER, PHASE])
    assert spans[1]["parent_id"] == spans[2]["span_id"]
    assert TOKEN not in journal
    sent = [asked.get("traceparent", "").split("-")[2:3] for asked in provider.asked]
    assert sent == [[], [spans[2]["span_id"]] if propagate else []]


def test_attempts_are_redacted_for_exporters_of_the_program(provider: Provider, tmp_path: Path) -> None:
    own = """
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
    theirs = TracerProvider()
    theirs.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
    trace.set_tracer_provider(theirs)
    """
    provider.answers(Answer(429, {"retry-after-ms": "1", "x-ratelimit-limit-requests": TOKEN}))
    said, spans, journal = run(provider, tmp_path, "", own)

    assert names(spans) == [ATTEMPT, ATTEMPT, CALL, PHASE]
    assert "[REDACTED:github-token" in said
    assert TOKEN not in said + journal


def test_without_the_package(provider: Provider, tmp_path: Path) -> None:
    hide = """
    import importlib
    sys.modules["opentelemetry.instrumentation.httpx"] = None
    """
    said, spans, _ = run(provider, tmp_path, "http = true\n", hide)

    assert (said, names(spans)) == (WARNING, [CALL, PHASE])


def test_a_program_that_does_it_by_itself(provider: Provider, tmp_path: Path) -> None:
    own = """
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    HTTPXClientInstrumentor().instrument()
    """
    said, spans, _ = run(provider, tmp_path, "http = true\n", own)

    assert (said, names(spans)) == ("", [CALL, OTHER, PHASE])
    assert ["traceparent" in asked for asked in provider.asked] == [False, True]


def test_attempts_that_have_spans_of_the_programs_instrumentation(provider: Provider, tmp_path: Path) -> None:
    own = """
    from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor
    HTTPX2ClientInstrumentor().instrument()
    """
    provider.answers(Answer(429, {"retry-after-ms": "1"}))
    said, spans, _ = run(provider, tmp_path, "", own)

    assert (said, names(spans)) == ("", [THEIRS, THEIRS, CALL, PHASE])
    assert [span["attributes"]["http.status_code"] for span in spans[:2]] == [429, 200]
    assert {span["parent_id"] for span in spans[:2]} == {spans[2]["span_id"]}
    counted = {name: value for name, value in spans[2]["attributes"].items() if name.startswith("tachograph.http.")}
    assert counted.pop("tachograph.http.waited_ns") > 0
    assert counted == {
        "tachograph.http.attempts": 2,
        "tachograph.http.rate_limited": 1,
        "tachograph.http.overloaded": 0,
    }


@pytest.mark.parametrize("word", ["on", "off"])
def test_under_the_command_of_opentelemetry(provider: Provider, tmp_path: Path, word: str) -> None:
    provider.answers(Answer())
    code = f"import httpx; httpx.get('{provider.origin}/x').raise_for_status()"

    done = subprocess.run(
        [Path(sys.executable).with_name("opentelemetry-instrument"), sys.executable, "-c", code],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("TACHOGRAPH_")}
        | {"TACHOGRAPH_HTTP": word, "TACHOGRAPH_DIR": str(tmp_path / "kept")},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )

    assert done.stderr == ""
    journal = "".join(path.read_text("utf-8") for path in (tmp_path / "kept").rglob("*.jsonl"))
    records = [json.loads(line) for line in journal.splitlines()]
    assert names([record for record in records if record["type"] == "span.end"]) == [OTHER]
    # What that command puts in by itself, it puts in as it always does.
    assert ["traceparent" in asked for asked in provider.asked] == [word == "off"]


@pytest.mark.parametrize("word", ["on", "off"])
def test_a_program_that_calls_no_model(provider: Provider, tmp_path: Path, word: str) -> None:
    provider.answers(Answer())
    code = f"import httpx; httpx.get('{provider.origin}/x').raise_for_status()"

    subprocess.run(
        [Path(sys.executable).with_name("tacho"), "run", "--", sys.executable, "-c", code],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("TACHOGRAPH_")}
        | {"TACHOGRAPH_HTTP": word, "TACHOGRAPH_DIR": str(tmp_path / "kept")},
        capture_output=True,
        check=True,
        timeout=60,
    )

    journal = "".join(path.read_text("utf-8") for path in (tmp_path / "kept").rglob("*.jsonl"))
    records = [json.loads(line) for line in journal.splitlines()]
    spans = [record for record in records if record["type"] == "span.end"]
    assert names(spans) == [OTHER] * (word == "on")
    assert ["traceparent" in asked for asked in provider.asked] == [False]
