"""Programs that another tool instruments: recorded, counted once, and the tool gets what it gets without us."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tachograph.semconv import is_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.neighbours.conftest import Neighbour, Ran

    from tachograph.report import RunReport

pytestmark = [pytest.mark.neighbours, pytest.mark.timeout(600)]

OPENAI, ANTHROPIC, NATIVE = "tachograph.openai", "tachograph.anthropic", "com.anthropic.sdk.python"


class Tokens(NamedTuple):
    """Calls and the sums of their tokens in classes that exclude each other; reasoning is part of the output."""

    calls: int
    input: int | None
    cache_read: int | None
    cache_write: int | None
    output: int | None
    reasoning: int | None


def tokens(report: RunReport) -> Tokens:
    """What a report counts."""
    total = report.tokens.sum
    return Tokens(len(report.calls), total.input, total.cache_read, total.cache_write, total.output, total.reasoning)


def doubles(report: RunReport) -> dict[tuple[str | None, str | None], int]:
    """What a report does not count: scope kept and scope folded, to how many."""
    return {(double.kept, double.folded): double.calls for double in report.doubles}


# What comes out differently each time: times, ids that are drawn, and in a traceback the frames of what is wrapped.
_TIMES = frozenset(
    {
        "gen_ai.response.time_to_first_chunk",
        "gen_ai.client.operation.time_to_first_chunk",
        "duration",
        "langfuse.observation.completion_start_time",
        "exception.stacktrace",
        "llm.headers",
    }
)
_DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:trace|span|group)_[0-9a-f]{24,32}"
    r"|took [\d.]+s|\d{10}\.\d+|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?|0x[0-9a-f]+"
)
_OF_THE_PROCESS = frozenset({"service.instance.id", "process.pid"})


def told(values: dict[str, Any]) -> str:
    """Values as text, without what comes out differently each time."""
    kept = {name: value for name, value in values.items() if name not in _TIMES}
    return _DRAWN.sub("…", json.dumps(kept, sort_keys=True, default=str))


def exported(ran: Ran) -> Counter[tuple[Any, ...]]:
    """The spans a tool sent over OTLP, in a form that is the same for the same program."""
    spans = ran.receiver.spans()
    names = {span["spanId"]: (span["scope"], span["name"]) for span in spans}
    return Counter(
        (
            span["scope"],
            span["name"],
            span.get("kind"),
            json.dumps(span.get("status")),
            # A parent that was not sent is none that they could have had without us.
            names.get(span["parentSpanId"], "unknown") if span.get("parentSpanId") else None,
            told(span["attributes"]),
            tuple((event["name"], told(event["attributes"])) for event in span["events"]),
            told({name: value for name, value in span["resource"].items() if name not in _OF_THE_PROCESS}),
        )
        for span in spans
    )


def said(ran: Ran) -> tuple[str, set[str]]:
    """What a program said; how often threads of a tool say the same on standard error is a matter of time."""
    out, err = (_DRAWN.sub("…", text.replace(ran.receiver.url, "receiver")) for text in (ran.stdout, ran.stderr))
    return out, set(err.splitlines())


def same_outside(alone: Ran, recorded: Ran) -> None:
    """The program ends as it ends alone, says the same, and nobody else says anything."""
    assert (alone.code, recorded.code) == (3, 3)
    assert said(recorded) == said(alone)


_SAID = (
    "capital of",
    "in one word",
    "You said",
    "calc.py",
    "Paris",
    "what stands in",
    "rief.",
    "one two three",
    "I will use",
)


def plainly_said(spans: list[Mapping[str, Any]]) -> set[str]:
    """Attributes with something of the conversation in them that are not taken for content, and so would be sent on."""
    return {
        name
        for span in spans
        for name, value in span.get("attributes", {}).items()
        if any(text in str(value) for text in _SAID) and not is_content(name)
    }


class Case(NamedTuple):
    """A tool, what the report counts, what of theirs is not counted, and what is counted where ours are not there."""

    tool: str
    counted: Tokens
    folded: dict[tuple[str | None, str | None], int]
    theirs: Tokens
    environment: str = "shared"
    added: frozenset[str] = frozenset()
    """Scopes of ours that its exporter gets besides."""


# What the clients are asked for, as the provider counts it. Ours estimate the 10 tokens of a stream without an account.
_CLIENTS = Tokens(18, 341, 403, 107, 247, 32)
_THEIRS = _CLIENTS._replace(output=237)
# OpenLLMetry adds members to the messages of the program, which are sent and counted.
_LONGER = _CLIENTS._replace(input=355)
_OPENAI = Tokens(10, 169, 82, 0, 89, 32)
_PYDANTIC = Tokens(7, 652, 592, 413, 121, 0)
_LANGCHAIN = Tokens(6, 241, 37, None, 38, 0)
_AGENTS = Tokens(6, 344, 88, 0, 56, 0)
# What was cached of the chat completions the agents do not say: these calls are estimated.
_AGENTS_THEIRS = Tokens(6, 368, 64, 0, 51, 0)

CASES = [
    Case(
        "otel",
        _CLIENTS,
        {
            (OPENAI, "opentelemetry.instrumentation.genai.openai"): 10,
            (ANTHROPIC, "opentelemetry.instrumentation.genai.anthropic"): 8,
            (ANTHROPIC, NATIVE): 8,
        },
        _THEIRS,
    ),
    Case(
        "openai_v2",
        _OPENAI,
        # It does not record responses.
        {(OPENAI, "opentelemetry.instrumentation.openai_v2"): 8},
        Tokens(8, 184, None, None, 51, None),
        "older",
    ),
    Case(
        "openllmetry",
        _LONGER,
        # It does not record `messages.stream`.
        {
            (OPENAI, "opentelemetry.instrumentation.openai.v1"): 10,
            (ANTHROPIC, "opentelemetry.instrumentation.anthropic"): 7,
            (ANTHROPIC, NATIVE): 8,
        },
        _LONGER._replace(output=237),
    ),
    Case(
        "traceloop",
        _OPENAI._replace(input=183),
        {(OPENAI, "opentelemetry.instrumentation.openai.v1"): 10},
        _OPENAI._replace(input=183, cache_write=None, output=79),
        "older",
    ),
    Case(
        "openinference",
        _CLIENTS,
        {
            (OPENAI, "openinference.instrumentation.openai"): 10,
            (ANTHROPIC, "openinference.instrumentation.anthropic"): 8,
            (ANTHROPIC, NATIVE): 8,
        },
        _THEIRS,
    ),
    # It asks that nobody records beneath it, and ours do not; the Anthropic client does.
    Case("logfire", _THEIRS, {(NATIVE, "logfire.anthropic"): 11, ("logfire.openai", "logfire.openai"): 4}, _THEIRS),
    Case("langfuse", _OPENAI, {(OPENAI, "langfuse-sdk"): 10}, _OPENAI._replace(output=79)),
    # Nobody tells it of OpenAI's calls, so ours do; the Anthropic client tells it of its own.
    Case(
        "sentry_otlp",
        _CLIENTS,
        {(ANTHROPIC, NATIVE): 8},
        Tokens(8, 172, 321, 107, 158, None),
        added=frozenset({OPENAI, "tachograph.http"}),
    ),
    Case(
        "pydantic_ai",
        _PYDANTIC,
        {(OPENAI, "pydantic-ai"): 5, (ANTHROPIC, "pydantic-ai"): 2, (ANTHROPIC, NATIVE): 2},
        _PYDANTIC,
    ),
    Case(
        "logfire_pydantic_ai",
        _PYDANTIC,
        {
            ("logfire.openai", "pydantic-ai"): 5,
            ("logfire.openai", "logfire.openai"): 1,
            (ANTHROPIC, "pydantic-ai"): 2,
            (ANTHROPIC, NATIVE): 2,
        },
        _PYDANTIC,
    ),
    Case(
        "openinference_langchain",
        _LANGCHAIN,
        # Embeddings it does not record.
        {(OPENAI, "openinference.instrumentation.langchain"): 5},
        Tokens(5, 237, 37, None, 34, 0),
    ),
    Case(
        "openinference_agents",
        _AGENTS,
        {(OPENAI, "openinference.instrumentation.openai_agents"): 6},
        _AGENTS_THEIRS,
    ),
    Case("logfire_agents", _AGENTS, {(OPENAI, "logfire.openai_agents"): 6}, _AGENTS_THEIRS),
]


@pytest.mark.parametrize(
    ("neighbour", "case"),
    [(case.environment, case) for case in CASES],
    ids=[c.tool for c in CASES],
    indirect=["neighbour"],
)
def test_a_tool_that_sends_over_otlp(neighbour: Neighbour, case: Case) -> None:
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": "{receiver}"} if case.tool.startswith("logfire") else {}
    alone = neighbour.run(case.tool, recorded=False, **env)
    recorded = neighbour.run(case.tool, recorded=True, **env)

    same_outside(alone, recorded)
    sent = exported(recorded)
    ours = {span for span in sent if span[0].startswith("tachograph")}
    # Where they take their endpoint from the environment we send there, too: the run, and no span of theirs again.
    assert {span[0] for span in ours} == case.added | ({"tachograph.launcher"} if env else set())
    assert Counter({span: count for span, count in sent.items() if span not in ours}) == exported(alone)
    assert plainly_said(neighbour.records("span.end")) == set()
    report = neighbour.report()
    assert (tokens(report), doubles(report), report.warnings) == (case.counted, case.folded, [])
    assert tokens(neighbour.without("tachograph")) == case.theirs


def flat(items: list[dict[str, Any]]) -> Counter[str]:
    """What was sent in formats of their own, without ids and times; parents by what they are called."""
    found: Counter[str] = Counter()
    for item in items:
        spans: list[Any] = item.get("spans") or []
        contexts: dict[str, Any] = item.get("contexts") or {}
        names: dict[str, Any] = {span["span_id"]: span.get("description") for span in spans}
        names[contexts.get("trace", {}).get("span_id")] = "the transaction"
        for span in spans:
            kept: dict[str, Any] = {name: span.get(name) for name in ("op", "description", "origin", "status")}
            data: dict[str, Any] = span.get("data") or {}
            kept["data"] = {name: value for name, value in data.items() if name not in _SENTRY_TIMES}
            found[told({**kept, "parent": names.get(span["parent_span_id"], "unknown")})] += 1
        rest: dict[str, Any] = {name: item.get(name) for name in _OF_ITEMS}
        exceptions: dict[str, Any] = item.get("exception") or {}
        errors: list[Any] = exceptions.get("values", [])
        found[told({**rest, "errors": [(error["type"], error["value"]) for error in errors]})] += 1
    return found


_OF_ITEMS = ("type", "transaction", "object", "level", "span_data", "workflow_name")
_SENTRY_TIMES = frozenset({"thread.id", "gen_ai.response.time_to_first_token", "gen_ai.response.time_to_first_chunk"})


@pytest.mark.parametrize(("tool", "counted"), [("sentry", _CLIENTS), ("agents", _AGENTS)])
def test_a_tool_with_a_format_of_its_own(neighbour: Neighbour, tool: str, counted: Tokens) -> None:
    alone = neighbour.run(tool, recorded=False)
    recorded = neighbour.run(tool, recorded=True)

    same_outside(alone, recorded)
    sent = flat(recorded.receiver.items())
    assert sent == flat(alone.receiver.items())
    assert sent.total() > counted.calls
    report = neighbour.report()
    assert (tokens(report), doubles(report)) == (counted, {})


def test_all_at_once_by_opentelemetry_instrument(neighbour: Neighbour) -> None:
    ran = neighbour.run("instrumented_from_outside", recorded=True, through="opentelemetry-instrument")

    assert (ran.code, ran.stderr) == (3, "")
    report = neighbour.report()
    assert tokens(report) == _LONGER
    assert {call.scope for call in report.calls} == {OPENAI, ANTHROPIC}
    assert {double.folded for double in report.doubles} >= {
        "opentelemetry.instrumentation.genai.openai",
        "opentelemetry.instrumentation.genai.anthropic",
        "opentelemetry.instrumentation.openai.v1",
        "opentelemetry.instrumentation.anthropic",
        "openinference.instrumentation.openai",
        "openinference.instrumentation.anthropic",
    }
    # OpenLLMetry's streams of Anthropic's count too much, and are not what is counted.
    assert {call.provenance for call in report.calls if call.status == "ok" and call.stream != "complete"} == {
        "reported"
    }


SCOPES = {
    "otel": "opentelemetry.instrumentation.genai",
    "openinference": "openinference.instrumentation",
    "openllmetry": "opentelemetry.instrumentation",
}


def test_they_come_and_go_over_ours_and_under_ours(neighbour: Neighbour) -> None:
    ran = neighbour.run("taken_out", recorded=True)

    assert (ran.code, ran.stderr) == (3, "")
    spans = {span["span_id"]: span for span in neighbour.records("span.end")}
    found: dict[str, set[str]] = {}
    for span in spans.values():
        around = span
        while around["parent_id"] in spans:
            around = spans[around["parent_id"]]
        what: set[str] = found.setdefault(around["name"], set())
        if span is not around:
            what.add(span["scope"])
    ours = {OPENAI, ANTHROPIC}
    for name, scope in SCOPES.items():
        last = "openai.v1" if name == "openllmetry" else "openai"
        theirs = {f"{scope}.{last}", f"{scope}.anthropic"}
        # OpenLLMetry does not take its wrapper of OpenAI's client out, here or anywhere.
        stays = {f"{scope}.{last}"} if name == "openllmetry" else set[str]()
        assert {what: scopes for what, scopes in found.items() if name in what} == {
            f"{name} over ours": theirs | ours,
            f"{name} alone": theirs,
            f"ours over {name}": theirs | ours,
            f"ours after {name}": stays | ours,
            f"none after {name}": stays,
        }
