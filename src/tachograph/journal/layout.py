"""Where runs and their journals lie on disk.

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
    """The root of the git work tree that holds a folder or, outside of one, the folder itself.

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
        # `Path.exists` raises where a folder may not be entered.
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return folder
    return here


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "the working directory does not exist any more") from error


def base_dir(directory: str | Path | None = None, start: Path | None = None) -> Path:
    """The ``.tachograph`` folder in force.

    Parameters
    ----------
    directory
        A folder that the user named; it is used as it is, relative to the working directory.
    start
        Where the project is looked for when none was named; None means the working directory.

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
    """Make the folder of a new run: the first 8 characters of its id, more where those are taken.

    A file is written in it once, to see that it can be. After a failure nothing is left of what was made.

    Parameters
    ----------
    base
        The ``.tachograph`` folder; made with mode 0700 when it is missing.
    run_id
        The run's UUID4.
    now
        The time of the start, in UTC.
    parents
        Whether folders above `base` are made as well.

    Raises
    ------
    OSError
        When a folder cannot be made or written.
    """
    made: list[Path] = []
    try:
        return _created(base, run_id, now, made, parents=parents)
    except OSError:
        _remove(made)
        raise


def _created(base: Path, run_id: str, now: datetime, made: list[Path], *, parents: bool) -> Path:
    if parents:
        for folder in reversed(base.parents):
            _make(folder, made, 0o777)
    _make(base, made)
    ignore = base / ".gitignore"
    if not ignore.exists():
        made.append(ignore)
        ignore.write_text("*\n", "utf-8")
    runs = base / "runs"
    _make(runs, made)
    day = runs / now.strftime("%Y-%m-%d")
    _make(day, made)
    plain = run_id.replace("-", "")
    for length in range(_SHORT, len(plain) + 1, 4):
        folder = day / plain[:length]
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        made.append(folder)
        _try(folder / ".try", made)
        return folder
    raise FileExistsError(f"the run {run_id} exists already in {day}")


def _make(folder: Path, made: list[Path], mode: int = 0o700) -> None:
    if os.path.isdir(folder):  # noqa: PTH112 - `Path.is_dir` raises where a folder may not be entered
        return
    folder.mkdir(mode=mode, exist_ok=True)
    made.append(folder)


def _try(path: Path, made: list[Path]) -> None:
    """Write a file and delete it again: a folder can be made on a disk that has no room for a file."""
    made.append(path)
    path.write_text("\n", "utf-8")
    path.unlink()


def _remove(made: list[Path]) -> None:
    with suppress(OSError):
        for path in reversed(made):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)


def run_dirs(base: Path) -> Iterator[Path]:
    """The folders of all runs, newest day first; nothing where there are none."""
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
    """The path of one part of a process's journal; part 0 is the first and has no suffix of its own."""
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
