"""The fold: journals in, one report out."""

from __future__ import annotations

import fcntl
import json
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace

from tachograph._version import __version__
from tachograph.errors import JournalVersionError, RunNotFoundError
from tachograph.journal import journal_path
from tachograph.report import RunReport, fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

S = 1_000_000_000
TRACE = "0af7651916cd43dd8448eb211c80319c"


def span(number: str) -> str:
    return number.rjust(16, "0")


def phases(report: RunReport) -> dict[str, tuple[int, float, float]]:
    return {p.name: (p.count, p.self_ns / S, p.sum_ns / S) for p in report.timing.phases}


def test_a_whole_report(alone: Any, run_dir: Path, t0: int) -> None:
    alone.line("run", 0.1, {"state": "facts"}, {"facts": {"task": "tasks/fix.md", "team": "blue"}})
    alone.start("a", 1, "iteration 1", None, "tachograph", **{"tachograph.iteration.number": 1})
    alone.start("b", 2, "ai_execution", "a", "tachograph", **{"tachograph.phase.name": "ai_execution"})
    alone.line("content", 2.5, {"id": "c1", "prev": None, "part_ids": ["p1"], "redacted": {"jwt": 2}}, {"role": "user"})
    alone.start("c", 3, "chat gpt-4o", "b", "tachograph.openai", **{"gen_ai.operation.name": "chat"})
    alone.end(
        "c",
        3,
        5,
        "chat gpt-4o",
        "b",
        "tachograph.openai",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.response.model": "gpt-4o-2024-08-06",
            "gen_ai.response.id": "resp_1",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.response.time_to_first_chunk": 0.25,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.cache_read.input_tokens": 400,
            "gen_ai.usage.output_tokens": 100,
            "gen_ai.usage.reasoning.output_tokens": 60,
            "tachograph.usage.provenance": "reported",
            "tachograph.stream.outcome": "complete",
            "server.address": "api.openai.com",
            "server.port": 443,
        },
        redacted={"email": 1},
    )
    alone.end("b", 2, 6, "ai_execution", "a", "tachograph", {"tachograph.phase.name": "ai_execution"})
    alone.end("a", 1, 7, "iteration 1", None, "tachograph", {"tachograph.iteration.number": 1})
    alone.line("event", 7.5, {"time_ns": t0 + 7 * S}, {"name": "decision", "fields": {"x": 1}})
    alone.run_end(10)
    alone.process_end(10)

    tokens = {
        "total": 1100,
        "input": 600,
        "cache_read": 400,
        "cache_write": None,
        "cache_write_5m": None,
        "cache_write_1h": None,
        "output": 100,
        "reasoning": 60,
    }
    # 600 at 2.50, 400 at 1.25 and 100 at 10 dollars per million.
    cost = {"amount": "0.003", "currency": "USD"}
    counts = {"reported": 1, "estimated": 0, "missing": 0}
    share = {"calls": 1, "tokens": tokens, "provenance": counts, "costs": [cost], "unpriced": 0}
    report = fold(run_dir).model_dump(mode="json")
    source = report["cost"]["rates"][0].pop("source")
    assert source.startswith("genai-prices ")
    assert report == {
        "schema_version": 1,
        "made_by": __version__,
        "run": {
            "id": "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
            "name": "agent.py",
            "task": "tasks/fix.md",
            "goal": None,
            "task_type": None,
            "role": None,
            "command": ["python", "agent.py"],
            "directory": None,
            "facts": {"team": "blue"},
        },
        "outcome": {"status": "completed", "reason": None, "exit_code": 0, "signal": None},
        "tokens": {"sum": tokens, "complete": True, "provenance": counts},
        "cost": {
            "total": "0.003",
            "currency": "USD",
            "totals": [cost],
            "complete": True,
            "estimated": False,
            "rates": [
                {
                    "model": "gpt-4o",
                    "provider": "openai",
                    "currency": "USD",
                    "since": None,
                    "rates": {"cache_read": "1.25", "input": "2.5", "output": "10"},
                    "calls": 1,
                }
            ],
            "unpriced": [],
            "notes": [],
        },
        "timing": {
            "start_ns": t0,
            "end_ns": t0 + 10 * S,
            "total_ns": 10 * S,
            "phases": [
                {
                    "name": "other",
                    "count": 0,
                    "self_ns": 6 * S,
                    "sum_ns": 0,
                    "average_ns": None,
                    "min_ns": None,
                    "max_ns": None,
                    "share": 0.6,
                },
                {
                    "name": "ai_execution",
                    "count": 1,
                    "self_ns": 4 * S,
                    "sum_ns": 4 * S,
                    "average_ns": 4 * S,
                    "min_ns": 4 * S,
                    "max_ns": 4 * S,
                    "share": 0.4,
                },
            ],
            "iterations": [{"number": 1, "count": 1, "sum_ns": 6 * S, **share}],
        },
        "models": [{"model": "gpt-4o-2024-08-06", "provider": "openai", **share}],
        "calls": [
            {
                "span_id": span("c"),
                "trace_id": TRACE,
                "pid": 41,
                "scope": "tachograph.openai",
                "phase": "ai_execution",
                "iteration": 1,
                "provider": "openai",
                "operation": "chat",
                "request_model": "gpt-4o",
                "response_model": "gpt-4o-2024-08-06",
                "response_id": "resp_1",
                "start_ns": t0 + 3 * S,
                "duration_ns": 2 * S,
                "first_chunk_ns": S // 4,
                "tokens": tokens,
                "provenance": "reported",
                "cost": cost,
                "cost_estimated": False,
                "finish_reasons": ["stop"],
                "stream": "complete",
                "attempts": None,
                "retries": None,
                "rate_limited": None,
                "overloaded": None,
                "waited_ns": None,
                "status": "ok",
                "error_type": None,
                "error_message": None,
                "server": "api.openai.com:443",
            }
        ],
        "errors": [],
        "open_spans": [],
        "spans": 3,
        "processes": [
            {
                "pid": 41,
                "ppid": 1,
                "role": None,
                "command": ["python", "p41.py"],
                "python": "3.11.7",
                "start_ns": t0,
                "end_ns": t0 + 10 * S,
                "end": "ended",
                "exit_code": None,
                "signal": None,
            }
        ],
        "events": [{"name": "decision", "count": 1, "first_ns": t0 + 7 * S, "last_ns": t0 + 7 * S}],
        "redactions": {"jwt": 2, "email": 1},
        "secrets": {},
        "doubles": [],
        "sent": [],
        "dropped": {
            "records": 0,
            "faults": 0,
            "torn_lines": 0,
            "rotated_files": 0,
            "unreadable_files": 0,
            "missing_ends": 0,
        },
        "warnings": [],
    }


def test_a_report_survives_its_own_json(alone: Any, run_dir: Path) -> None:
    alone.call("a", 1, 2)
    alone.run_end(3)
    alone.process_end(3)
    made = fold(run_dir)
    assert RunReport.model_validate_json(made.model_dump_json()) == made


def test_calls_outside_of_phases_are_ai_execution_and_other_is_the_rest(alone: Any, run_dir: Path) -> None:
    alone.phase("a", 1, 3, "validation")
    alone.call("b", 2, 5)
    alone.run_end(10)
    assert phases(fold(run_dir)) == {"other": (0, 6, 0), "ai_execution": (1, 3, 3), "validation": (1, 1, 2)}


def test_a_killed_process_shows_what_was_open(alone: Any, run_dir: Path, t0: int) -> None:
    alone.start("a", 1, "validation", None, "tachograph", **{"tachograph.phase.name": "validation"})
    for number in range(100):
        alone.start(f"b{number}", 2, "plain", "a")
        alone.end(f"b{number}", 2, 3, "plain", "a")
    alone.start("c", 4, "chat gpt-4o", "a", **{"gen_ai.operation.name": "chat"})
    alone.start("d", 6, "inner", "c")
    report = fold(run_dir)
    assert report.spans == 100
    assert report.outcome.model_dump() == {
        "status": "crashed",
        "reason": "the process ended without recording its exit",
        "exit_code": None,
        "signal": None,
    }
    assert [(s.name, s.phase, s.open_ns // S, s.at_least, s.process) for s in report.open_spans] == [
        ("validation", None, 5, True, "lost"),
        ("chat gpt-4o", "validation", 2, True, "lost"),
        ("inner", "validation", 0, True, "lost"),
    ]
    assert report.timing.end_ns == t0 + 6 * S
    assert phases(report) == {"validation": (1, 5, 5), "other": (0, 1, 0)}
    assert not report.cost.complete
    assert not report.tokens.complete
    assert [(u.reason, u.calls) for u in report.cost.unpriced] == [("how it ended is not known", 1)]
    assert report.dropped.missing_ends == 1


def test_the_launcher_says_when_and_by_what_its_child_died(journal: Callable[..., Any], run_dir: Path) -> None:
    launcher = journal(40).process(role="launcher").run_start()
    child = journal(41).process(0.5, ppid=40)
    child.start("a", 1, "chat gpt-4o", **{"gen_ai.operation.name": "chat"})
    launcher.run_end(9, "crashed", "killed", exit_code=None, signal="SIGKILL")
    launcher.process_end(9)
    report = fold(run_dir)
    assert (report.outcome.status, report.outcome.signal) == ("crashed", "SIGKILL")
    assert [(s.open_ns // S, s.at_least, s.process) for s in report.open_spans] == [(8, False, "killed")]
    assert [(p.pid, p.end) for p in report.processes] == [(40, "ended"), (41, "killed")]


def test_a_run_is_running_while_any_of_its_processes_is(journal: Callable[..., Any], run_dir: Path, t0: int) -> None:
    journal(40).process(role="launcher").run_start()
    child = journal(41).process(1, ppid=40)
    child.start("a", 2, "step")
    with child.path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        report = fold(run_dir, now_ns=t0 + 20 * S)
    assert report.outcome.status == "running"
    assert (report.timing.end_ns, report.timing.total_ns) == (None, 20 * S)
    assert [(s.open_ns // S, s.at_least, s.process) for s in report.open_spans] == [(18, False, "running")]
    assert fold(run_dir).outcome.status == "crashed"


@pytest.mark.parametrize("reason", ["cost limit", None])
def test_what_the_program_says_of_its_outcome_goes_first(alone: Any, run_dir: Path, reason: str | None) -> None:
    alone.line("run", 1, {"state": "outcome"}, {"outcome": "blocked", "reason": reason})
    alone.run_end(2, "failed", "exit code 3", exit_code=3)
    assert fold(run_dir).outcome.model_dump() == {
        "status": "blocked",
        "reason": reason,
        "exit_code": 3,
        "signal": None,
    }


def test_many_processes_are_one_run(journal: Callable[..., Any], run_dir: Path) -> None:
    parent = journal(40).process().run_start()
    parent.start("a", 1, "iteration 3", None, "tachograph", **{"tachograph.iteration.number": 3})
    parent.start("b", 1, "validation", "a", "tachograph", **{"tachograph.phase.name": "validation"})
    for number in range(20):
        child = journal(100 + number).process(1.5, ppid=40)
        child.start(f"c{number}", 2, "main", "b")
        child.call(f"d{number}", 3, 4 + number / 10, f"c{number}")
        child.end(f"c{number}", 2, 7, "main", "b")
        child.process_end(7, records=1, faults=2)
    parent.end("b", 1, 8, "validation", "a", "tachograph", {"tachograph.phase.name": "validation"})
    parent.end("a", 1, 8, "iteration 3", None, "tachograph", {"tachograph.iteration.number": 3})
    parent.run_end(9)
    parent.process_end(9)
    report = fold(run_dir)
    assert {(c.phase, c.iteration) for c in report.calls} == {("validation", 3)}
    assert report.tokens.sum.total == 20 * 1100
    assert [(i.number, i.calls, i.tokens.total) for i in report.timing.iterations] == [(3, 20, 22000)]
    assert phases(report) == {"validation": (1, 7, 7), "other": (0, 2, 0)}
    assert (report.dropped.records, report.dropped.faults, report.dropped.missing_ends) == (20, 40, 0)
    assert len(report.processes) == 21


def test_torn_foreign_and_strange_lines_are_counted_and_passed_over(alone: Any, run_dir: Path) -> None:
    alone.raw(b'{"type":"span.end","ts":"2026-11-18T11:0\n[1]\n{"type":"span.end","span_id":7}\n\xff\xfe\n\n')
    alone.raw(b'{"type":"content","ts":"2026-11-18T11:06:40.000000Z","id":"c1","par\n')
    alone.raw(b'{"type":"of another time","ts":"x"}\n')
    alone.end("a", 1, 2)
    alone.run_end(3)
    alone.raw(b'{"type":"span.end","ts":"2026-11-18T11:06:45.000000Z","span_i')
    report = fold(run_dir)
    assert report.dropped.torn_lines == 6
    assert report.spans == 1
    assert report.outcome.status == "completed"
    assert report.warnings == [
        (
            "the journal of process 41 ends in the middle of a record (killed, or disk full); "
            "anything after that is missing"
        )
    ]


def test_rotated_files_are_said_and_the_rest_is_read(journal: Callable[..., Any], run_dir: Path) -> None:
    for part in (2, 3):
        kept = journal(41, part).process(part)
        kept.call(f"a{part}", part, part + 0.5)
    report = fold(run_dir)
    assert report.dropped.rotated_files == 2
    assert len(report.calls) == 2
    assert len(report.processes) == 1
    assert report.run.name == "python"


def test_a_newer_journal_is_refused(journal: Callable[..., Any], run_dir: Path) -> None:
    journal().process(schema_version=2)
    with pytest.raises(JournalVersionError, match="pip install -U tachograph"):
        fold(run_dir)


def test_a_folder_without_journals_is_no_run(run_dir: Path) -> None:
    with pytest.raises(RunNotFoundError, match="holds no journal"):
        fold(run_dir)
    with pytest.raises(RunNotFoundError, match="does not exist"):
        fold(run_dir / "gone")


def test_a_file_that_cannot_be_opened_is_counted(alone: Any, run_dir: Path) -> None:
    journal_path(run_dir, 99, 5).mkdir()
    alone.run_end(1)
    assert fold(run_dir).dropped.unreadable_files == 1


def test_lines_with_spaces_are_read_as_well(run_dir: Path, alone: Any) -> None:
    alone.call("a", 1, 2)
    alone.run_end(3)
    spaced = b"\n".join(json.dumps(json.loads(line)).encode() for line in alone.path.read_bytes().splitlines()) + b"\n"
    before = fold(run_dir)
    alone.path.write_bytes(spaced)
    assert fold(run_dir) == before


def test_an_error_is_counted_once_whatever_it_passed_through(alone: Any, run_dir: Path, t0: int) -> None:
    trace_text = 'Traceback (most recent call last):\n  File "/app/tools.py", line 88, in run_tests\n    go()\n'
    event = {
        "name": "exception",
        "time_ns": t0 + 3 * S,
        "attributes": {
            "exception.type": "ToolError",
            "exception.message": "pytest exited 1",
            "exception.stacktrace": trace_text + "ToolError: pytest exited 1\n",
        },
    }
    for again in range(2):
        alone.start(f"a{again}", 1, "outer", None, "tachograph", **{"tachograph.phase.name": "validation"})
        alone.start(f"b{again}", 2, "inner", f"a{again}")
        alone.end(f"b{again}", 2, 3, "inner", f"a{again}", status="error", events=[event])
        attributes = {"tachograph.phase.name": "validation"}
        alone.end(f"a{again}", 1, 4, "outer", None, "tachograph", attributes, status="error", events=[event])
    alone.end(
        "c",
        4,
        5,
        "leave",
        status="error",
        events=[{"name": "exception", "attributes": {"exception.type": "SystemExit"}}],
    )
    fields = {"type": "ValueError", "message": "bad", "handled": False}
    stack = [{"file": "main.py", "line": 3, "function": "main", "source": "x"}]
    alone.line("event", 6, {"time_ns": t0 + 6 * S}, {"name": "error", "fields": {**fields, "stack": stack}})
    report = fold(run_dir)
    assert [(e.type, e.message, e.count, e.handled, e.span, e.where, e.phase) for e in report.errors] == [
        ("ValueError", "bad", 1, False, None, "main.py:3 main", None),
        ("ToolError", "pytest exited 1", 2, True, "inner", "/app/tools.py:88 run_tests", "validation"),
    ]
    assert report.events == []


def test_an_error_that_escapes_was_not_handled(alone: Any, run_dir: Path, t0: int) -> None:
    given = {"exception.type": "ValueError", "exception.message": "bad"}
    alone.end("a", 1, 2, status="error", events=[{"name": "exception", "attributes": given}])
    fields: dict[str, Any] = {"type": "ValueError", "message": "bad", "handled": False, "stack": []}
    alone.line("event", 3, {"time_ns": t0 + 3 * S}, {"name": "error", "fields": fields})
    assert [(e.type, e.count, e.handled, e.span) for e in fold(run_dir).errors] == [("ValueError", 1, False, "work")]


def test_what_a_recorder_really_writes_is_understood(recording: Any) -> None:
    recording.recorder.open_run({"name": "real"})
    tracer = trace.get_tracer("app")
    with tracer.start_as_current_span("outer", attributes={"tachograph.phase.name": "validation"}):
        with tracer.start_as_current_span("chat m", attributes={"gen_ai.operation.name": "chat"}) as call:
            call.set_attributes({"gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 5})
        for _ in range(50):
            tracer.start_span("plain").end()
    recording.recorder.event("decision", {"why": "because"}, None)
    recording.recorder.close({"outcome": "completed", "reason": None, "exit_code": 0, "signal": None})
    report = fold(recording.run_dir)
    assert (report.run.name, report.outcome.status, report.spans) == ("real", "completed", 52)
    assert [(c.phase, c.tokens.input, c.tokens.output, c.tokens.total) for c in report.calls] == [
        ("validation", 5, None, None)
    ]
    assert [e.name for e in report.events] == ["decision"]
    assert report.processes[0].pid == os.getpid()
    assert sum(p.self_ns for p in report.timing.phases) == report.timing.total_ns
    assert report.cost.total is None
    assert Decimal(0) not in [t.amount for t in report.cost.totals]
