"""Where runs lie."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tachograph.journal import base_dir, create_run_dir, journal_files, journal_path, project_root, run_dirs

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
RUN = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


def test_a_run_gets_a_folder_only_its_owner_can_read(tmp_path: Path) -> None:
    base = tmp_path / ".tachograph"
    made = create_run_dir(base, RUN, NOW)
    assert made == base / "runs" / "2026-11-20" / "1a2b3c4d"
    assert (base / ".gitignore").read_text() == "*\n"
    folders = (base, base / "runs", base / "runs" / "2026-11-20", made)
    assert [oct(folder.stat().st_mode & 0o777) for folder in folders] == ["0o700"] * 4


def test_a_taken_name_gets_longer(tmp_path: Path) -> None:
    names = [create_run_dir(tmp_path, RUN, NOW).name for _ in range(3)]
    assert names == ["1a2b3c4d", "1a2b3c4d5e6f", "1a2b3c4d5e6f4a7b"]
    for _ in range(4):
        create_run_dir(tmp_path, RUN, NOW)
    with pytest.raises(FileExistsError, match="exists already"):
        create_run_dir(tmp_path, RUN, NOW)


def test_a_base_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"file"):
        create_run_dir(tmp_path / "file" / "inside", RUN, NOW)


def test_the_project_is_the_git_root_or_the_folder_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "repository" / "a" / "b"
    inside.mkdir(parents=True)
    assert project_root(inside) == inside
    (tmp_path / "repository" / ".git").write_text("gitdir: elsewhere\n")
    assert project_root(inside) == tmp_path / "repository"
    assert base_dir(None, inside) == tmp_path / "repository" / ".tachograph"
    monkeypatch.chdir(tmp_path)
    assert base_dir("records") == tmp_path / "records"


def test_journals_are_listed_by_start_and_their_parts_in_order(tmp_path: Path) -> None:
    for pid, start, part in ((12, 200, 0), (7, 100, 2), (7, 100, 10), (7, 100, 1), (12, 150, 0)):
        journal_path(tmp_path, pid, start, part).touch()
    (tmp_path / "report.json").touch()
    (tmp_path / "journal-x.jsonl").touch()
    assert [[(f.pid, f.start_ns, f.part) for f in parts] for parts in journal_files(tmp_path)] == [
        [(7, 100, 1), (7, 100, 2), (7, 100, 10)],
        [(12, 150, 0)],
        [(12, 200, 0)],
    ]


def test_runs_are_listed_newest_day_first(tmp_path: Path) -> None:
    assert list(run_dirs(tmp_path)) == []
    older = create_run_dir(tmp_path, RUN, datetime(2026, 11, 19, tzinfo=UTC))
    newer = create_run_dir(tmp_path, RUN, NOW)
    (tmp_path / "runs" / "notes").mkdir()
    assert list(run_dirs(tmp_path)) == [newer, older]
