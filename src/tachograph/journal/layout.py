"""Where runs and their journals lie on disk.

.tachograph/
  .gitignore
  runs/2026-11-20/1a2b3c4d/
    journal-<pid>-<start>.jsonl[.1 …]
    report.json
"""

from __future__ import annotations

import re
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
    """The root of the git work tree that holds a folder or, outside of one, the folder itself."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    return here


def base_dir(directory: str | Path | None = None, start: Path | None = None) -> Path:
    """The ``.tachograph`` folder in force.

    Parameters
    ----------
    directory
        A folder that the user named; it is used as it is, relative to the working directory.
    start
        Where the project is looked for when none was named; None means the working directory.
    """
    if directory is not None:
        return Path(directory).expanduser().absolute()
    return project_root(start) / FOLDER


def create_run_dir(base: Path, run_id: str, now: datetime) -> Path:
    """Make the folder of a new run: the first 8 characters of its id, more where those are taken.

    Parameters
    ----------
    base
        The ``.tachograph`` folder; made with mode 0700 when it is missing.
    run_id
        The run's UUID4.
    now
        The time of the start, in UTC.

    Raises
    ------
    OSError
        When a folder cannot be made.
    """
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = base / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    runs = base / "runs"
    runs.mkdir(mode=0o700, exist_ok=True)
    day = runs / now.strftime("%Y-%m-%d")
    day.mkdir(mode=0o700, exist_ok=True)
    plain = run_id.replace("-", "")
    for length in range(_SHORT, len(plain) + 1, 4):
        folder = day / plain[:length]
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"the run {run_id} exists already in {day}")


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
