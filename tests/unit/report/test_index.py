"""The index of a run: what it holds is what the journals hold, however and whenever it was built."""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.report import fold
from tachograph.report.index import CallRow, EventRow, RunIndex, SpanRow, open_index
from tachograph.report.index.database import INDEX_FILE
from tachograph.report.prices import Pricer

from .conftest import RUN, T0, TRACE, Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

OURS, NATIVE, LOGFIRE = "tachograph.openai", "opentelemetry.instrumentation.openai", "logfire.openai"


@contextmanager
def alive(journal: Journal) -> Generator[None]:
    """Hold the lock by which the process of a journal is known to live."""
    fd = os.open(journal.path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def contents(index: RunIndex) -> tuple[Any, ...]:
    """All that an index gives."""
    return index.traces(), index.trace(TRACE), index.open_spans(), index.events(), index.calls()


def fresh(run_dir: Path) -> tuple[Any, ...]:
    """All that an index gives that is built now."""
    (run_dir / INDEX_FILE).unlink()
    with open_index(run_dir) as index:
        return contents(index)


def seconds(at: float) -> int:
    return T0 + round(at * 1e9)


def test_what_is_in_the_journals_is_in_the_index(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1, "work", None, "app", x=1)
    alone.line(
        "event", 1.5, {"time_ns": seconds(1.5), "span_id": "0" * 15 + "a"}, {"name": "noted", "fields": {"x": 1}}
    )
    alone.call("b", 2, 3, "a")
    alone.end("b2", 2, 2.5, "no start", "a", status="error")
    alone.start("c", 4, "open", "a")
    alone.line("event", 5, {"time_ns": 7, "severity": 9}, {"name": "log", "body": "said"})
    with open_index(run_dir) as index:
        spans = index.trace(TRACE)
        named = [(s.name, s.start_ns, s.end_ns, s.status, s.parent_id, s.pid, s.kind, s.scope) for s in spans]
        a, b = "a".rjust(16, "0"), "b".rjust(16, "0")
        assert named == [
            ("work", seconds(1), None, "unset", None, 41, "internal", "app"),
            ("chat gpt-4o", seconds(2), seconds(3), "unset", a, 41, "internal", OURS),
            ("no start", seconds(2), seconds(2.5), "error", a, 41, "internal", "app"),
            ("open", seconds(4), None, "unset", a, 41, "internal", "app"),
        ]
        assert index.traces() == [(TRACE, 4)]
        assert index.span(b) == spans[1]
        assert index.span("none") is None
        assert index.children(a) == spans[1:]
        assert index.children(None, limit=5) == spans[:1]
        assert index.open_spans() == [spans[0], spans[3]]
        assert index.calls() == [CallRow(spans[1], None, is_settled=True)]
        # The records are where it says.
        [ended] = [index.record(spans[1].place)]
        assert ended is not None
        assert (ended["type"], ended["span_id"]) == ("span.end", b)
        assert spans[1].start_place is not None
        assert (index.record(spans[1].start_place) or {})["type"] == "span.start"
        assert (spans[2].start_place, spans[0].place) == (None, spans[0].start_place)
        noted, log = index.events(a)[0], index.events()[0]
        assert noted == EventRow(seconds(1.5), "noted", 41, a, None, noted.place)
        assert (index.record(noted.place) or {})["fields"] == {"x": 1}
        assert (log.name, log.time_ns, log.severity, log.span_id) == ("log", 7, 9, None)
        assert [len(index.trace(TRACE, limit=2)), len(index.events(limit=1))] == [2, 1]


def test_a_transcript_is_read_from_where_its_messages_are(alone: Any, run_dir: Path) -> None:
    def message(name: str, previous: str | None, part: str, body: dict[str, Any], role: str) -> None:
        own = {"id": name, "prev": previous, "part_ids": [part]}
        alone.line("content", 1, own, {"role": role, "parts": [body]})

    said = {"type": "text", "content": "hello"}
    message("m1", None, "p1", said, "system")
    message("m2", "m1", "p1", {"type": "text", "ref": True}, "user")
    message("m3", None, "p2", {"type": "text", "content": "yes"}, "assistant")
    alone.call("b", 2, 3, **{"tachograph.content.input": "m2", "tachograph.content.output": "m3,gone"})
    alone.call("c", 3, 4)
    with open_index(run_dir) as index:
        assert index.transcript("b".rjust(16, "0")) == {
            "gen_ai.input.messages": [{"role": "system", "parts": [said]}, {"role": "user", "parts": [said]}],
            "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "yes"}]}],
        }
        assert index.transcript("c".rjust(16, "0")) == {}
        assert index.transcript("none") == {}


def scenario(journal: Journal, seed: int) -> list[bytes]:
    """The lines of calls that overlap, nest and repeat each other, in order of time."""
    chosen = random.Random(seed)
    at = 1.0
    call: Any = journal.call
    start: Any = journal.start
    names = f"{journal.pid}x"
    for number in range(30):
        until = at + chosen.choice([0.2, 1, 3])
        answer = {"gen_ai.response.id": f"id{number}"}
        match chosen.randrange(6):
            case 0:
                call(f"{names}{number}a", at, until, None, OURS, **answer)
            case 1:
                start(f"{names}{number}a", at, "chat", None, OURS, **{"gen_ai.operation.name": "chat"})
                call(f"{names}{number}b", at + 0.1, until - 0.05, f"{names}{number}a", NATIVE, **answer)
                call(f"{names}{number}a", at, until, None, OURS, begun=False, **answer)
            case 2:
                call(f"{names}{number}a", at, until, None, NATIVE, **answer)
                call(f"{names}{number}b", at + 0.01, until - 0.01, None, OURS, **answer)
            case 3:
                call(f"{names}{number}a", at, until, None, NATIVE, tokens=None)
                call(f"{names}{number}b", at + 0.01, until - 0.01, None, OURS, **answer)
            case 4:
                # Logfire records what a stream brought once it has ended.
                call(f"{names}{number}a", at, at + 0.1, None, LOGFIRE, tokens=None)
                late = {"logfire.span_type": "log", "duration": round(until - at, 3)}
                call(f"{names}{number}b", until, until, None, LOGFIRE, tokens=(7, number), begun=False, **late)
            case _:
                start(f"{names}{number}a", at, "open", None, "app")
        at += chosen.choice([0.05, 0.5, 4])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(b"")
    return sorted(lines, key=written)


def written(line: bytes) -> bytes:
    """When a line was written."""
    return line[line.find(b'"ts":') :][:40]


@pytest.mark.parametrize("seed", range(12))
def test_an_index_that_followed_the_run_is_as_one_that_is_built_at_its_end(
    run_dir: Path, journal: Callable[..., Journal], seed: int
) -> None:
    one, other = journal(41), journal(42, at=0.5)
    mine = [(one, line) for line in scenario(one.process().run_start(), seed)]
    lines = sorted(
        [*mine, *((other, line) for line in scenario(other.process(), seed + 100))], key=lambda each: written(each[1])
    )
    chosen = random.Random(seed)
    with alive(one), alive(other):
        index: RunIndex | None = None
        with ExitStack() as opened:
            while lines:
                some = chosen.randrange(1, 12)
                for journal_of, line in lines[:some]:
                    with journal_of.path.open("ab") as file:
                        file.write(line[:20])
                        if chosen.random() < 0.1:
                            # Seen in the middle of a line.
                            file.flush()
                            with open_index(run_dir):
                                pass
                        file.write(line[20:])
                del lines[:some]
                if index is None or chosen.random() < 0.3:
                    opened.close()
                    index = opened.enter_context(open_index(run_dir))
                elif chosen.random() < 0.7:
                    index.update()
    report = fold(run_dir)
    with open_index(run_dir) as index:
        followed = contents(index)
        counted = [call.span.span_id for call in index.calls() if call.repeats is None]
    assert followed == fresh(run_dir)
    assert {call.is_settled for call in followed[4]} == {True}
    assert sorted(counted) == sorted(call.span_id for call in report.calls)


def test_calls_are_not_settled_while_one_beside_them_is_open(alone: Any, run_dir: Path) -> None:
    with alive(alone):
        alone.start("a", 1, "chat", None, OURS, **{"gen_ai.operation.name": "chat"})
        alone.call("b", 1.1, 1.9, "a", NATIVE)
        with open_index(run_dir) as index:
            assert [(c.span.span_id[-1], c.repeats, c.is_settled) for c in index.calls()] == [("b", None, False)]
        alone.call("a", 1, 2, None, OURS, begun=False)
        alone.call("c", 3, 4, None, NATIVE, begun=False)
        with open_index(run_dir) as index:
            a = "a".rjust(16, "0")
            calls = [(c.span.span_id[-1], c.repeats, c.is_settled) for c in index.calls()]
            assert calls == [("a", None, True), ("b", a, True), ("c", None, True)]


def test_a_call_that_shows_only_at_its_end_that_it_repeats_one_is_no_second_one(alone: Any, run_dir: Path) -> None:
    with alive(alone):
        alone.start("a", 1, "chain", None, "framework")
        alone.call("b", 1.1, 1.9, "a", OURS)
        with open_index(run_dir) as index:
            assert [(c.span.span_id[-1], c.repeats, c.is_settled) for c in index.calls()] == [("b", None, True)]
        alone.call("a", 1, 2, None, "framework", begun=False)
        with open_index(run_dir):
            pass
    with open_index(run_dir) as index:
        counted = [call.span.span_id for call in index.calls() if call.repeats is None]
    assert counted == [call.span_id for call in fold(run_dir).calls] == ["b".rjust(16, "0")]


def test_calls_wait_for_a_span_whose_tool_reports_calls(alone: Any, run_dir: Path) -> None:
    with alive(alone):
        alone.start("a", 1, "ChatCompletion", None, "openinference.instrumentation.langchain")
        alone.call("b", 1.1, 1.9, "a", OURS)
        with open_index(run_dir) as index:
            assert [c.is_settled for c in index.calls()] == [False]
        # One that was none after all.
        alone.end("a", 1, 2, "chain", None, "openinference.instrumentation.langchain")
        with open_index(run_dir) as index:
            assert [c.is_settled for c in index.calls()] == [True]


def test_a_span_with_a_time_to_come_holds_nothing_back(alone: Any, run_dir: Path) -> None:
    now = (time.time_ns() - T0) / 1e9
    with alive(alone):
        alone.start("a", now - 5)
        alone.end("a", now - 5, now + 3600)
        alone.call("b", now - 4, now - 3)
        with open_index(run_dir) as index:
            assert [span.name for span in index.trace(TRACE)] == ["work", "chat gpt-4o"]


def test_the_report_comes_of_the_same_pass(alone: Any, run_dir: Path) -> None:
    alone.start("a", 1)
    alone.call("b", 2, 3, "a")
    alone.call("s", 2, 2.1, "a", LOGFIRE, tokens=None)
    alone.call("l", 3, 3, "a", LOGFIRE, begun=False, **{"logfire.span_type": "log", "duration": 0.9})
    alone.run_end(5)
    alone.raw(b'{"type":"event","ts":"2026-11')
    for _ in range(2):
        # First from the pass that builds the index, then from one of its own.
        with open_index(run_dir, Pricer()) as index:
            assert index.report(T0) == fold(run_dir, now_ns=T0)


@pytest.mark.parametrize("damage", ["no database", "cut off", "overwritten", "another format", "another run", "empty"])
def test_what_cannot_be_used_is_built_again(alone: Any, run_dir: Path, damage: str) -> None:
    alone.call("b", 2, 3)
    with open_index(run_dir) as index:
        before = contents(index)
    path = run_dir / INDEX_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    match damage:
        case "no database":
            path.write_bytes(b"no database at all " * 100)
        case "cut off":
            path.write_bytes(path.read_bytes()[:5000])
        case "overwritten":
            body = path.read_bytes()
            path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
        case "another format":
            connection = sqlite3.connect(path)
            connection.executescript("DROP TABLE spans; PRAGMA user_version = 999")
            connection.close()
        case "another run":
            alone.path.write_bytes(alone.path.read_bytes() + b" " * 10_000 + b"\n")
            with open_index(run_dir):
                pass
            alone.path.write_bytes(alone.path.read_bytes()[:-10_001])
        case _:
            path.write_bytes(b"")
    with open_index(run_dir) as index:
        assert contents(index) == before
    assert sqlite3.connect(path).execute("SELECT count(*) FROM spans").fetchone() == (1,)


def test_where_the_folder_cannot_be_written_it_is_built_in_memory(alone: Any, run_dir: Path) -> None:
    alone.call("b", 2, 3)
    (run_dir / INDEX_FILE).mkdir()
    with open_index(run_dir) as index:
        assert [call.span.name for call in index.calls()] == ["chat gpt-4o"]


def test_where_the_disk_is_full_it_is_built_in_memory(alone: Any, run_dir: Path) -> None:
    for number in range(300):
        alone.call(f"{number}", number, number + 0.5)
    script = (
        "import resource, signal, sys; from pathlib import Path; from tachograph.report.index import open_index\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "with open_index(Path(sys.argv[1])) as index: print(len(index.calls()))"
    )
    # A measurement of coverage would be the one to meet the full disk.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", script, str(run_dir)], env=env, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"300\n", b"")


def test_two_that_extend_an_index_at_once_make_one(alone: Any, run_dir: Path) -> None:
    for number in range(300):
        alone.call(f"{number}", number, number + 0.5)
        alone.line("event", number, {"time_ns": seconds(number)}, {"name": "noted"})
    script = (
        "import sys; from pathlib import Path; from tachograph.report.index import open_index\n"
        "with open_index(Path(sys.argv[1])) as index: print(len(index.calls()), len(index.events()))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(run_dir)], stdout=subprocess.PIPE) for _ in range(3)
    ]
    assert [process.communicate()[0] for process in processes] == [b"300 300\n"] * 3
    with open_index(run_dir) as index:
        assert (len(index.calls()), len(index.events())) == (300, 300)
        # One that was open meanwhile notices what another has read.
        alone.call("late", 400, 401)
        with open_index(run_dir):
            pass
        alone.call("later", 402, 403)
        assert index.update()
        assert len(index.calls()) == 302
        assert not index.update()


def test_what_no_recorder_wrote_is_left_out(alone: Any, run_dir: Path) -> None:
    alone.call("b", 2, 3)
    head = f'"ts":"2026-11-18T11:06:40.123456Z","run":"{RUN}","pid":41'
    for line in (
        f'{{"type":"span.end",{head},"span_id":"x","start_ns":{1 << 80},"duration_ns":5,"status":"ok"}}',
        f'{{"type":"span.end",{head},"span_id":{{}},"start_ns":1,"duration_ns":5,"status":"ok"}}',
        f'{{"type":"span.end",{head},"span_id":"y","start_ns":1,"duration_ns":5,"status":[],"name":{{}}}}',
        f'{{"type":"event",{head},"name":[],"time_ns":"x"}}',
        '{"type":"content","id":5}',
        '{"type":"span.end"}',
        "torn",
    ):
        alone.raw(f"{line}\n".encode())
    with open_index(run_dir) as index:
        assert [call.span.name for call in index.calls()] == ["chat gpt-4o"]
        known: list[SpanRow] = index.trace(TRACE)
        assert [span.name for span in known] == ["chat gpt-4o"]
