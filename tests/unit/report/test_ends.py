"""How processes and runs ended, from what they, their parents and the launcher recorded."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.report import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tachograph.report import RunReport

    Journals = Callable[..., Any]

S = 1_000_000_000
KILLED = "the launcher was killed, so the exit code is not known"


def outcome(report: RunReport) -> dict[str, Any]:
    return report.outcome.model_dump()


def ends(report: RunReport, t0: int) -> list[tuple[Any, ...]]:
    """Process id, how it ended, when, exit code and signal of each process, by process id."""
    found = [
        (p.pid, p.end, None if p.end_ns is None else (p.end_ns - t0) / S, p.exit_code, p.signal)
        for p in report.processes
    ]
    return sorted(found)


# The launcher is killed


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, {"status": "completed", "reason": KILLED, "exit_code": None, "signal": None}),
        (
            {"outcome": "failed", "reason": "ValueError"},
            {"status": "failed", "reason": f"ValueError; {KILLED}", "exit_code": None, "signal": None},
        ),
        (
            {"outcome": "interrupted", "reason": "KeyboardInterrupt"},
            {"status": "interrupted", "reason": f"KeyboardInterrupt; {KILLED}", "exit_code": None, "signal": None},
        ),
        ({"signal": "SIGTERM"}, {"status": "interrupted", "reason": KILLED, "exit_code": None, "signal": "SIGTERM"}),
    ],
)
def test_a_run_whose_launcher_was_killed_ended_as_its_command(
    journal: Journals, run_dir: Path, t0: int, known: dict[str, Any], expected: dict[str, Any]
) -> None:
    launcher = journal(40).process(role="launcher").run_start()
    journal(41).process(1, ppid=40).process_end(5, known)
    launcher.last_written(2)
    report = fold(run_dir)
    assert outcome(report) == expected
    assert ends(report, t0) == [(40, "lost", None, None, None), (41, "ended", 5, None, known.get("signal"))]
    assert (report.timing.end_ns, report.dropped.missing_ends) == (t0 + 5 * S, 1)


def test_the_command_is_the_last_program_its_process_became(journal: Journals, run_dir: Path) -> None:
    journal(40).process(role="launcher").run_start()
    journal(41).process(1, ppid=40)
    journal(41, at=2).process(2, ppid=40).process_end(3, {"outcome": "failed", "reason": "ValueError"})
    journal(42, at=4).process(4, ppid=41).process_end(5)
    assert outcome(fold(run_dir))["status"] == "failed"


def test_neither_the_launcher_nor_its_command_ended(journal: Journals, run_dir: Path) -> None:
    journal(40).process(role="launcher").run_start()
    journal(41).process(1, ppid=40)
    journal(42).process(2, ppid=41).process_end(3)
    assert outcome(fold(run_dir)) == {
        "status": "crashed",
        "reason": "neither the launcher nor the command's process recorded how it ended",
        "exit_code": None,
        "signal": None,
    }


def test_the_launcher_was_killed_and_its_command_is_not_recorded(journal: Journals, run_dir: Path) -> None:
    journal(40).process(role="launcher").run_start()
    journal(42).process(2, ppid=41).process_end(3)
    assert outcome(fold(run_dir)) == {
        "status": "crashed",
        "reason": "the launcher was killed; the command's own process recorded nothing",
        "exit_code": None,
        "signal": None,
    }


def test_the_launcher_recorded_nothing(journal: Journals, run_dir: Path) -> None:
    journal(41).process(1, ppid=40).process_end(3)
    assert outcome(fold(run_dir)) == {
        "status": "crashed",
        "reason": "the launcher recorded nothing, so how the run ended is not known",
        "exit_code": None,
        "signal": None,
    }


def test_a_run_without_its_launcher_is_running_while_any_process_is(journal: Journals, run_dir: Path) -> None:
    journal(40).process(role="launcher").run_start()
    journal(41).process(1, ppid=40).process_end(5)
    child = journal(42).process(2, ppid=41)
    with child.path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        assert fold(run_dir).outcome.status == "running"
    assert fold(run_dir).outcome.status == "completed"


@pytest.mark.parametrize(("given", "shown"), [("waits for a review", "waits for a review"), (None, KILLED)])
def test_what_the_program_says_goes_before_the_end_of_its_process(
    journal: Journals, run_dir: Path, given: str | None, shown: str
) -> None:
    journal(40).process(role="launcher").run_start()
    child = journal(41).process(1, ppid=40)
    child.line("run", 2, {"state": "outcome"}, {"outcome": "blocked", "reason": given})
    child.process_end(5)
    assert outcome(fold(run_dir)) == {"status": "blocked", "reason": shown, "exit_code": None, "signal": None}


# The ends of workers


@pytest.mark.parametrize(
    ("exit_code", "signal", "busy", "end"),
    [
        (0, None, False, "ended"),
        (3, None, True, "ended"),
        (None, "SIGTERM", False, "ended"),
        (None, "SIGTERM", True, "killed"),
        (None, "SIGKILL", False, "killed"),
        (None, "SIGSEGV", True, "killed"),
    ],
)
def test_a_parent_knows_how_its_child_ended(
    alone: Any,
    journal: Journals,
    run_dir: Path,
    t0: int,
    exit_code: int | None,
    signal: str | None,
    busy: bool,
    end: str,
) -> None:
    child = journal(42).process(1, ppid=41)
    if busy:
        child.start("a", 2, "chat gpt-4o")
    alone.child_end(42, 5, exit_code, signal)
    alone.run_end(9)
    alone.process_end(9)
    report = fold(run_dir)
    assert ends(report, t0) == [(41, "ended", 9, None, None), (42, end, 5, exit_code, signal)]
    assert [(s.process, s.open_ns // S, s.at_least) for s in report.open_spans] == ([(end, 3, False)] if busy else [])
    assert report.dropped.missing_ends == (end == "killed")


def test_the_records_of_a_child_and_of_its_parent_make_one_end(
    alone: Any, journal: Journals, run_dir: Path, t0: int
) -> None:
    journal(42).process(1, ppid=41).process_end(4)
    journal(43).process(1, ppid=41).process_end(4, {"signal": "SIGTERM"})
    journal(44).process(1, ppid=41).process_end(4, {"signal": "SIGTERM"})
    alone.child_end(42, 5, 1)
    alone.child_end(43, 5, 0)
    alone.run_end(9)
    alone.process_end(9)
    assert ends(fold(run_dir), t0)[1:] == [
        (42, "ended", 4, 1, None),
        (43, "ended", 4, 0, None),
        (44, "ended", 4, None, "SIGTERM"),
    ]


def test_a_process_id_is_used_again(alone: Any, journal: Journals, run_dir: Path) -> None:
    for at in (1, 3, 7):
        journal(42, at=at).process(at, ppid=41)
    alone.child_end(42, 2, None, "SIGKILL")
    alone.child_end(42, 4, 0)
    # One that has no journal.
    alone.child_end(42, 5, None, "SIGSEGV")
    alone.child_end(99, 5, 0)
    alone.run_end(9)
    report = fold(run_dir)
    assert [(p.end, p.exit_code, p.signal) for p in report.processes if p.pid == 42] == [
        ("killed", None, "SIGKILL"),
        ("ended", 0, None),
        ("lost", None, None),
    ]


@pytest.mark.parametrize("members", [b"", b',"child_pid":42', b',"child_pid":"42","end_ns":1,"exit_code":"0"'])
def test_a_record_of_a_child_that_no_recorder_wrote(alone: Any, run_dir: Path, members: bytes) -> None:
    alone.raw(b'{"type":"process","run":"r","pid":41,"state":"child"' + members + b"}\n")
    alone.run_end(9)
    alone.process_end(9)
    assert fold(run_dir).outcome.status == "completed"


def test_the_launcher_knows_the_exit_code_of_its_command(journal: Journals, run_dir: Path, t0: int) -> None:
    """It may have left by `os._exit`; of its children the launcher knows nothing."""
    launcher = journal(40).process(role="launcher").run_start()
    journal(41).process(1, ppid=40)
    journal(42).process(2, ppid=41)
    launcher.run_end(9, "failed", exit_code=3)
    launcher.process_end(9)
    assert ends(fold(run_dir), t0) == [
        (40, "ended", 9, None, None),
        (41, "ended", 9, 3, None),
        (42, "lost", None, None, None),
    ]


def test_the_first_process_of_a_container_has_children_it_never_started(
    journal: Journals, run_dir: Path, t0: int
) -> None:
    launcher = journal(1).process(role="launcher").run_start()
    journal(41).process(1, ppid=1)
    launcher.run_end(9)
    launcher.process_end(9)
    assert ends(fold(run_dir), t0)[1:] == [(41, "lost", None, None, None)]


# Workers whose end nobody recorded


@pytest.fixture
def worker(alone: Any, journal: Journals) -> Any:
    """One of the only other process there is, which ends after 8 s; its last sign is from 4 s."""
    made = journal(42).process(1, ppid=41)
    made.start("a", 2, "work")
    made.end("a", 2, 4, "work")
    made.last_written(4)
    alone.run_end(8)
    return made


def test_an_idle_worker_whose_parent_ended_in_order(alone: Any, worker: Any, run_dir: Path, t0: int) -> None:
    assert worker.pid == 42
    alone.process_end(8)
    report = fold(run_dir)
    assert ends(report, t0) == [(41, "ended", 8, None, None), (42, "idle", None, None, None)]
    assert report.dropped.missing_ends == 0


@pytest.mark.parametrize("reason", ["open", "torn", "parent killed", "parent failed", "went on", "another's"])
def test_a_worker_that_may_have_been_cut_off_is_lost(
    alone: Any, worker: Any, journal: Journals, run_dir: Path, reason: str
) -> None:
    if reason == "open":
        worker.start("b", 4, "chat gpt-4o")
    elif reason == "torn":
        worker.raw(b'{"type":"span.en')
    elif reason == "another's":
        journal(43).process(1, ppid=7).last_written(4)
    worker.last_written(9 if reason == "went on" else 4)
    if reason != "parent killed":
        alone.process_end(8, {"outcome": "failed", "reason": "ValueError"} if reason == "parent failed" else {})
    last = fold(run_dir).processes[-1]
    assert (last.pid, last.end) == (43 if reason == "another's" else 42, "lost")
