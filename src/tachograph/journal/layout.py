"""Where runs and their journals are on disk.

.tachograph/
  .gitignore
  runs/2026-11-20/1a2b3c4d/
    journal-<pid>-<start>.jsonl[.1 …]
    report.json
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FOLDER = ".tachograph"
REPORT_FILE = "report.json"
_SHORT = 8
_JOURNAL = re.compile(r"journal-(\d+)-(\d+)\.jsonl(?:\.(\d+))?\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def project_root(start: Path | None = None) -> Path:
    """The root of the git work tree that a folder is in; outside of a work tree, the folder itself.

    Parameters
    ----------
    start
        The folder; None means the working directory.

    Raises
    ------
    OSError
        When the working directory does not exist any more.
    """
    here = (start or _working_directory()).resolve()
    for folder in (here, *here.parents):
        # `Path.exists` raises if a folder may not be entered.
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return folder
    return here


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "the working directory does not exist any more") from error


def base_dir(directory: str | Path | None = None, start: Path | None = None) -> Path:
    """The ``.tachograph`` folder to use.

    Parameters
    ----------
    directory
        A folder that the user named, absolute or relative to the working directory; None means the project's.
    start
        A folder of the project, if no folder was named; None means the working directory.

    Raises
    ------
    OSError
        When the working directory does not exist any more, or the home folder that is meant by ``~`` is not known.
    """
    if directory is None:
        return project_root(start) / FOLDER
    try:
        named = Path(directory).expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(errno.ENOENT, "there is no such home folder", str(directory)) from error
    return named if named.is_absolute() else _working_directory() / named


def create_run_dir(base: Path, run_id: str, now: datetime, *, parents: bool = True) -> Path:
    """Make the folder of a new run, named by the first 8 characters of its id, or more if these are taken.

    A file is written in it once, to check that files can be. After a failure everything that was made is removed.

    Parameters
    ----------
    base
        The ``.tachograph`` folder; made with mode 0700 if it is missing.
    run_id
        The run's UUID4.
    now
        The time of the start, in UTC.
    parents
        Whether folders above `base` are made as well.

    Raises
    ------
    OSError
        If a folder cannot be made or written.
    """
    created: list[Path] = []
    try:
        return _create(base, run_id, now, created, parents=parents)
    except OSError:
        _remove(created)
        raise


def _create(base: Path, run_id: str, now: datetime, created: list[Path], *, parents: bool) -> Path:
    if parents:
        for folder in reversed(base.parents):
            _make(folder, created, 0o777)
    _make(base, created)
    ignore = base / ".gitignore"
    if not ignore.exists():
        created.append(ignore)
        ignore.write_text("*\n", "utf-8")
    runs = base / "runs"
    _make(runs, created)
    day = runs / now.strftime("%Y-%m-%d")
    _make(day, created)
    plain = run_id.replace("-", "")
    for length in range(_SHORT, len(plain) + 1, 4):
        folder = day / plain[:length]
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        created.append(folder)
        _try(folder / ".try", created)
        return folder
    raise FileExistsError(f"the run {run_id} exists already in {day}")


def _make(folder: Path, created: list[Path], mode: int = 0o700) -> None:
    if os.path.isdir(folder):  # noqa: PTH112 - `Path.is_dir` raises if a folder may not be entered
        return
    folder.mkdir(mode=mode, exist_ok=True)
    created.append(folder)


def _try(path: Path, created: list[Path]) -> None:
    """Write a file and delete it: a folder can be made on a disk that has no room for a file."""
    created.append(path)
    path.write_text("\n", "utf-8")
    path.unlink()


def _remove(created: list[Path]) -> None:
    with suppress(OSError):
        for path in reversed(created):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)


def run_dirs(base: Path) -> Iterator[Path]:
    """The folders of all runs, newest day first."""
    try:
        days = sorted((d for d in (base / "runs").iterdir() if _DAY.match(d.name)), reverse=True)
    except OSError:
        return
    for day in days:
        try:
            yield from sorted(d for d in day.iterdir() if d.is_dir())
        except OSError:
            continue


class JournalFile(NamedTuple):
    """One file of a process's journal."""

    path: Path
    pid: int
    start_ns: int
    part: int


def journal_path(run_dir: Path, pid: int, start_ns: int, part: int = 0) -> Path:
    """The path of one part of a process's journal; part 0 is the first and has no suffix."""
    suffix = f".{part}" if part else ""
    return run_dir / f"journal-{pid}-{start_ns}.jsonl{suffix}"


def journal_files(run_dir: Path) -> list[list[JournalFile]]:
    """The journals of a run, one list a process in order of their start; each list holds its parts, oldest first."""
    processes: dict[tuple[int, int], list[JournalFile]] = {}
    for path in run_dir.iterdir():
        if match := _JOURNAL.match(path.name):
            pid, start_ns = int(match[1]), int(match[2])
            processes.setdefault((start_ns, pid), []).append(JournalFile(path, pid, start_ns, int(match[3] or 0)))
    return [sorted(parts, key=lambda part: part.part) for _, parts in sorted(processes.items())]
