"""The builder: one line a record, of what is ours and of what has been sealed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, get_args

import pytest

from tachograph.journal import RecordBuilder, SpanIds, span_ids
from tachograph.journal.builder import RecordType
from tachograph.journal.lines import parse, redacted, span_id, stamp, time_ns, type_of

if TYPE_CHECKING:
    from collections.abc import Callable

RUN = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
AT = 1_795_000_000_123_456_789
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
IDS = span_ids(int(TRACE, 16), int(SPAN, 16), 5, "client", AT, sampled=False)
HEAD = {"trace_id": TRACE, "span_id": SPAN, "parent_id": "0000000000000005", "kind": "client", "start_ns": AT}


class Sealer:
    """Stands for the sealer: hides one word."""

    def json(self, value: object, tally: dict[str, int], /) -> bytes:
        text = json.dumps(value, separators=(",", ":"))
        if "secret" in text:
            tally["word"] = text.count("secret")
        return text.replace("secret", "[REDACTED:word]").encode()


BUILDER = RecordBuilder(RUN, Sealer(), 41)
HIDDEN = "[REDACTED:word]"
CASES: dict[str, tuple[Callable[[], bytes], str, dict[str, Any]]] = {
    "run start": (
        lambda: BUILDER.run_start({"name": "secret"}, AT, SpanIds(TRACE, SPAN, sampled=False), None),
        "run",
        {"state": "start", "schema_version": 1, "start_ns": AT, "trace_id": TRACE, "span_id": SPAN, "parent_id": None}
        | {"sampled": False, "redacted": {"word": 1}, "facts": {"name": HIDDEN}},
    ),
    "run start without a span": (
        lambda: BUILDER.run_start({}, AT),
        "run",
        {"state": "start", "schema_version": 1, "start_ns": AT, "facts": {}},
    ),
    "run facts": (lambda: BUILDER.run_facts({"a": 1}), "run", {"state": "facts", "facts": {"a": 1}}),
    "run outcome": (
        lambda: BUILDER.run_outcome("blocked", "secret"),
        "run",
        {"state": "outcome", "redacted": {"word": 1}, "outcome": "blocked", "reason": HIDDEN},
    ),
    "run end": (
        lambda: BUILDER.run_end({"outcome": "failed", "reason": None, "exit_code": 3, "signal": None}, AT),
        "run",
        {"state": "end", "end_ns": AT, "outcome": "failed", "reason": None, "exit_code": 3, "signal": None},
    ),
    "process start": (
        lambda: BUILDER.process_start(
            {"python": "3.11.7"}, ppid=7, start_ns=AT, resource={"a": "secret"}, role="launcher"
        ),
        "process",
        {"state": "start", "schema_version": 1, "role": "launcher", "ppid": 7, "start_ns": AT}
        | {"redacted": {"word": 1}, "python": "3.11.7", "resource": {"a": HIDDEN}},
    ),
    "process end": (
        lambda: BUILDER.process_end({"records": 2, "faults": 0}, AT),
        "process",
        {"state": "end", "end_ns": AT, "dropped": {"records": 2}},
    ),
    "process end by an error": (
        lambda: BUILDER.process_end({}, AT, {"outcome": "failed", "reason": "secret"}),
        "process",
        {"state": "end", "end_ns": AT, "dropped": {}, "redacted": {"word": 1}, "outcome": "failed", "reason": HIDDEN},
    ),
    "process child": (
        lambda: BUILDER.process_child(42, AT, None, "SIGTERM"),
        "process",
        {"state": "child", "child_pid": 42, "end_ns": AT, "exit_code": None, "signal": "SIGTERM"},
    ),
    "process provider": (lambda: BUILDER.process_own_provider(), "process", {"state": "own_provider"}),
    "scope": (
        lambda: BUILDER.scope("acme", "1.0", None, {"a": "secret"}),
        "scope",
        {"redacted": {"word": 1}, "name": "acme", "version": "1.0", "attributes": {"a": HIDDEN}},
    ),
    "span start": (
        lambda: BUILDER.span_start(IDS, {"name": "secret", "scope": None, "thread": "MainThread"}, AT),
        "span.start",
        {**HEAD, "sampled": False, "redacted": {"word": 1}, "name": HIDDEN, "scope": None, "thread": "MainThread"},
    ),
    "span start with ids of content": (
        lambda: BUILDER.span_start(IDS, {"name": "n", "attributes": {"in": "ab1", "x": "secret"}}, AT, ["in"], "ab"),
        "span.start",
        {**HEAD, "sampled": False, "redacted": {"word": 1}, "name": "n", "attributes": {"x": HIDDEN, "in": "ab1"}},
    ),
    "span start with what is no id": (
        lambda: BUILDER.span_start(IDS, {"name": "n", "attributes": {"in": "secret", "x": 1}}, AT, ["in"], "ab"),
        "span.start",
        {**HEAD, "sampled": False, "redacted": {"word": 1}, "name": "n", "attributes": {"in": HIDDEN, "x": 1}},
    ),
    "span end": (
        lambda: BUILDER.span_end(IDS, -5, "error", [SpanIds(TRACE, SPAN)], {"name": "n", "description": "secret"}, AT),
        "span.end",
        {**HEAD, "sampled": False, "duration_ns": 0, "status": "error", "links": [{"trace_id": TRACE, "span_id": SPAN}]}
        | {"redacted": {"word": 1}, "name": "n", "description": HIDDEN},
    ),
    "event": (
        lambda: BUILDER.event("noted", {"a": "secret"}, AT, SpanIds(TRACE, SPAN)),
        "event",
        {"time_ns": AT, "trace_id": TRACE, "span_id": SPAN, "redacted": {"word": 1}, "name": "noted"}
        | {"fields": {"a": HIDDEN}},
    ),
    "log record": (
        lambda: BUILDER.log(
            {"name": "log", "body": "secret"},
            severity=9,
            time_ns=5,
            observed_ns=6,
            now_ns=AT,
            span=SpanIds(TRACE, SPAN, sampled=False),
            own_provider=True,
        ),
        "event",
        {"time_ns": 5, "severity": 9, "trace_id": TRACE, "span_id": SPAN, "sampled": False, "observed_ns": 6}
        | {"own_provider": True, "redacted": {"word": 1}, "name": "log", "body": HIDDEN},
    ),
    "metric": (
        lambda: BUILDER.metric(
            {"name": "secret"}, [{"value": 4}], kind="sum", temporality="delta", monotonic=True, own_provider=False
        ),
        "metric",
        {"kind": "sum", "temporality": "delta", "monotonic": True, "points": [{"value": 4}], "redacted": {"word": 1}}
        | {"name": HIDDEN},
    ),
    "content": (
        lambda: BUILDER.content("ab2", "ab1", 'ab3","ab4', {"role": "user", "parts": [{"content": "secret secret"}]}),
        "content",
        {"id": "ab2", "prev": "ab1", "part_ids": ["ab3", "ab4"], "redacted": {"word": 2}, "role": "user"}
        | {"parts": [{"content": f"{HIDDEN} {HIDDEN}"}]},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_record_is_one_line_of_what_is_ours_and_what_is_sealed(name: str) -> None:
    build, kind, members = CASES[name]
    line = build()
    assert (line.count(b"\n"), line.endswith(b"}\n"), b"secret" in line) == (1, True, False)
    loaded = json.loads(line)
    assert loaded.pop("ts").endswith("Z")
    assert loaded == {"type": kind, "run": RUN, "pid": 41, **members}
    # What reads lines without parsing them finds the same.
    assert (type_of(line), parse(line)) == (kind, json.loads(line))
    if kind == "content":
        assert redacted(line) == members["redacted"]
    if kind.startswith("span."):
        assert span_id(line) == SPAN


def test_every_type_is_built() -> None:
    assert {kind for _, kind, _ in CASES.values()} == set(get_args(RecordType))


def test_the_time_of_a_record_is_that_of_what_it_records() -> None:
    line = BUILDER.event("noted", {}, AT)
    assert stamp(line) == b"2026-11-18T11:06:40.123456Z"
    assert time_ns(line) == AT // 1000 * 1000
    assert stamp(BUILDER.event("before", {}, AT - 10**9)) == b"2026-11-18T11:06:39.123456Z"
    assert (stamp(b"torn", b"before"), time_ns(b"torn"), type_of(b'{"type":"other"'), type_of(b"torn")) == (
        b"before",
        0,
        None,
        None,
    )


def test_records_are_of_this_process_unless_another_is_named() -> None:
    assert json.loads(RecordBuilder(RUN, Sealer()).run_facts({}))["pid"] == os.getpid()
