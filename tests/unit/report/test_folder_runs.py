"""The runs: runs found, reports kept, lists from the index."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.errors import AmbiguousRunError, ReportVersionError, RunNotFoundError
from tachograph.report import FolderRuns
from tachograph.report.runs import FoundRun, Runs, Wanted

from .conftest import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
TWO = "1a99e0f1-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
THREE = "77c0de12-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / ".tachograph"


@pytest.fixture
def three(other_run: Callable[[str, str], Any]) -> None:
    other_run("2026-11-18", ONE)
    other_run("2026-11-18", TWO)
    other_run("2026-11-17", THREE)


@pytest.mark.usefixtures("three")
def test_runs_are_found_by_what_is_typed_of_them(base: Path) -> None:
    runs = FolderRuns(base)
    assert runs.find("1a2").short_id == "1a2b3c4d"
    assert runs.find("7").short_id == "77c0de12"
    assert runs.find(ONE).short_id == "1a2b3c4d"
    assert runs.find(ONE.upper()).short_id == "1a2b3c4d"
    assert runs.folder(runs.find().id).parent.name == "2026-11-18"
    assert runs.folder(runs.find("latest").id).parent.name == "2026-11-18"
    with pytest.raises(
        AmbiguousRunError, match=r'^"1a" is ambiguous, it matches 2 runs: .*1a2b3c4d \(.+\).*\. Use more characters\.$'
    ):
        runs.find("1a")
    with pytest.raises(
        RunNotFoundError, match=r'^no run in .* starts with "(1a2b3c4d5e6f4|beef)"\. List them: tacho list$'
    ):
        runs.find("beef")
    with pytest.raises(RunNotFoundError, match=r"no run in .* starts with"):
        runs.find("1a2b3c4d-ffff")
    with pytest.raises(RunNotFoundError, match="0-9 and a-f"):
        runs.find("../etc")


def test_where_nothing_was_recorded(base: Path) -> None:
    with pytest.raises(RunNotFoundError, match=r"no runs in .* yet"):
        FolderRuns(base).find()
    assert FolderRuns(base).rows() == []
    assert not base.exists()
    base.mkdir()
    assert FolderRuns(base).rows() == []
    with pytest.raises(RunNotFoundError):
        FolderRuns(base).find()


def test_a_report_is_kept_until_the_journals_go_on(alone: Any, run_dir: Path, base: Path) -> None:
    alone.run_end(2)
    alone.process_end(2)
    runs = FolderRuns(base)
    made = runs.report_in(run_dir)
    kept = run_dir / "report.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    changed = {**json.loads(kept.read_bytes()), "made_by": "somebody"}
    times = kept.stat().st_mtime_ns
    kept.write_text(json.dumps(changed))
    os.utime(kept, ns=(times, times))
    assert runs.report_in(run_dir).made_by == "somebody"
    assert runs.report_in(run_dir, refresh=True) == made
    alone.call("a", 3, 4)
    os.utime(alone.path, ns=(times + 1, times + 1))
    assert len(runs.report_in(run_dir).calls) == 1
    assert sorted(p.name for p in run_dir.iterdir()) == [alone.path.name, "report.json"]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"schema_version":1}', b'{"schema_version":"1"}', b"\xff"])
def test_a_damaged_report_is_made_again(alone: Any, run_dir: Path, base: Path, text: bytes) -> None:
    alone.run_end(2)
    alone.process_end(2)
    made = FolderRuns(base).report_in(run_dir)
    kept = run_dir / "report.json"
    times = kept.stat().st_mtime_ns
    kept.write_bytes(text)
    os.utime(kept, ns=(times, times))
    assert [row.status for row in FolderRuns(base).rows()] == ["completed"]
    assert FolderRuns(base).report_in(run_dir) == made
    assert json.loads(kept.read_bytes())["run"]["id"] == ONE


def test_a_newer_report_is_refused_and_left_alone(alone: Any, run_dir: Path, base: Path) -> None:
    alone.run_end(2)
    kept = run_dir / "report.json"
    kept.write_text('{"schema_version": 2}')
    for refresh in (False, True):
        with pytest.raises(ReportVersionError, match=r"schema version 2.*pip install -U tachograph"):
            FolderRuns(base).report_in(run_dir, refresh=refresh)
    assert kept.read_text() == '{"schema_version": 2}'
    assert [(row.status, row.short_id) for row in FolderRuns(base).rows()] == [("unreadable", "1a2b3c4d")]


def test_the_report_of_a_running_run_is_not_kept(alone: Any, run_dir: Path, base: Path) -> None:
    with alone.path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        assert FolderRuns(base).report_in(run_dir).outcome.status == "running"
        assert [row.status for row in FolderRuns(base).rows()] == ["running"]
    assert not (run_dir / "report.json").exists()
    assert [row.status for row in FolderRuns(base).rows()] == ["crashed"]
    assert (run_dir / "report.json").exists()


def test_the_runs_of_one_project_among_those_of_others(base: Path, tmp_path: Path) -> None:
    """Also one that is running and too large to be folded for a list, of which the first records are read."""
    here, there = tmp_path / "here", tmp_path / "there"
    held: list[Any] = []
    for run, directory in ((ONE, here), (TWO, here / "below"), (THREE, there)):
        folder = base / "runs" / "2026-11-18" / run[:8]
        folder.mkdir(parents=True)
        journal = Journal(folder, run=run).process().run_start(directory=str(directory))
        if run == ONE:
            os.truncate(journal.path, 40_000_000)
            held.append(journal.path.open("rb"))
            fcntl.flock(held[0].fileno(), fcntl.LOCK_EX)
    for project, found in ((here, ["1a2b3c4d"]), (here / "below", ["1a99e0f1"]), (there, ["77c0de12"]), (base, [])):
        runs = FolderRuns(base, project=project)
        assert [row.short_id for row in runs.rows()] == found
        if found:
            assert runs.find().short_id == found[0]
        else:
            with pytest.raises(RunNotFoundError, match=r"no runs in .* yet"):
                runs.find()
        assert runs.find("77c0").short_id == "77c0de12"
    held[0].close()


def test_a_report_without_its_journals_still_shows(alone: Any, run_dir: Path, base: Path) -> None:
    alone.run_end(2)
    alone.process_end(2)
    made = FolderRuns(base).report_in(run_dir)
    alone.path.unlink()
    assert FolderRuns(base).report(FolderRuns(base).find("1a").id, refresh=True) == made
    assert [row.status for row in FolderRuns(base).rows()] == ["completed"]


def test_what_cannot_be_written_is_shown_all_the_same(alone: Any, run_dir: Path, base: Path) -> None:
    alone.run_end(2)
    # Not even root can replace a folder by a file.
    (run_dir / "report.json").mkdir()
    (base / "index.sqlite").mkdir()
    assert FolderRuns(base).report_in(run_dir).outcome.status == "completed"
    assert [row.status for row in FolderRuns(base).rows()] == ["completed"]
    assert sorted(p.name for p in run_dir.iterdir()) == [alone.path.name, "report.json"]


def test_folds_at_once_leave_one_whole_report(alone: Any, run_dir: Path, base: Path) -> None:
    for number in range(50):
        alone.call(f"a{number}", number, number + 1)
    alone.run_end(60)
    alone.process_end(60)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(FolderRuns(base).report_in(run_dir))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(report == found[0] for report in found)
    assert sorted(p.name for p in run_dir.iterdir()) == [alone.path.name, "report.json"]


def test_lists_are_filtered(other_run: Callable[[str, str], Any], base: Path) -> None:
    for day, run, task, model in (
        ("2026-11-18", ONE, "fix_bug.py", "gpt-4o"),
        ("2026-11-18", TWO, "nightly.py", "gpt-4o-mini"),
        ("2026-11-17", THREE, "fix_all.py", "local-7b"),
    ):
        made = other_run(day, run)
        made.line("run", 0.5, {"state": "facts"}, {"facts": {"task": task}})
        made.call("a", 0.1, 0.2, model=model)
    runs = FolderRuns(base)

    def ids(**wanted: Any) -> list[str]:
        return sorted(row.short_id for row in runs.rows(Wanted(**wanted)))

    for _ in range(2):
        assert ids() == ["1a2b3c4d", "1a99e0f1", "77c0de12"]
        assert ids(task="fix_*") == ["1a2b3c4d", "77c0de12"]
        assert ids(model="gpt-4o") == ["1a2b3c4d"]
        assert ids(model="gpt*") == ["1a2b3c4d", "1a99e0f1"]
        assert ids(status="crashed") == []
        assert len(ids(limit=2)) == 2
        assert ids(limit=None, status="completed") == ["1a2b3c4d", "1a99e0f1", "77c0de12"]
        assert ids(until_ns=1_795_000_000_000_000_000) == []
        assert ids(since_ns=1_795_000_000_000_000_001) == []
        assert len(ids(until_ns=1_795_000_000_000_000_001)) == 3


@pytest.mark.usefixtures("three")
def test_the_index_can_be_lost_damaged_or_older(base: Path) -> None:
    runs = FolderRuns(base)
    rows = runs.rows()
    assert len(rows) == 3
    index = base / "index.sqlite"
    assert runs.rows() == rows
    for damage in (b"", b"no database at all, but long enough to look like one" * 40):
        index.write_bytes(damage)
        assert runs.rows() == rows
    index.unlink()
    assert runs.rows() == rows


@pytest.mark.usefixtures("three")
def test_runs_that_come_and_go_are_noticed(other_run: Callable[[str, str], Any], base: Path, tmp_path: Path) -> None:
    runs = FolderRuns(base)
    day = base / "runs" / "2026-11-18"
    os.utime(day, ns=(5, 5))
    assert len(runs.rows()) == 3
    other_run("2026-11-18", "beefbeef-5e6f-4a7b-8c9d-0e1f2a3b4c5d")
    assert sorted(row.short_id for row in runs.rows()) == ["1a2b3c4d", "1a99e0f1", "77c0de12", "beefbeef"]
    (day / "1a99e0f1").rename(tmp_path / "away")
    assert sorted(row.short_id for row in runs.rows()) == ["1a2b3c4d", "77c0de12", "beefbeef"]
    (day / "0badcafe").mkdir()
    assert len(runs.rows()) == 3


@pytest.mark.usefixtures("three")
def test_a_report_made_again_is_listed_anew(base: Path) -> None:
    runs = FolderRuns(base)
    assert {row.calls for row in runs.rows()} == {0}
    run_dir = runs.folder(runs.find("77").id)
    [journal] = run_dir.glob("journal-*")
    before = journal.stat().st_mtime_ns
    with journal.open("ab") as file:
        file.write(b"torn\n")
    os.utime(journal, ns=(before + 1000, before + 1000))
    assert runs.report_in(run_dir).dropped.torn_lines == 1
    assert [row.report_mtime_ns for row in runs.rows() if row.short_id == "77c0de12"] == [before + 1000]


@pytest.mark.usefixtures("three")
def test_runs_are_opened_by_their_ids(base: Path) -> None:
    runs: Runs = FolderRuns(base)
    assert (runs.where, runs.find("77c0")) == (str(base), FoundRun(THREE, "77c0de12"))
    report = FolderRuns(base).report(THREE)
    assert report.run.id == THREE
    folder = FolderRuns(base).folder(THREE)
    (folder / "report.json").unlink()
    runs.save(report)
    assert json.loads((folder / "report.json").read_bytes())["run"]["id"] == THREE
    with runs.index(THREE) as index:
        assert (index.traces(), index.report()) == ([], report)
    for opened in (FolderRuns(base).report, FolderRuns(base).index):
        with pytest.raises(RunNotFoundError, match="starts with"):
            opened("00000000-0000-4000-8000-000000000000")
