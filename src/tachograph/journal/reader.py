"""Reads journals back: tolerant of what a crash leaves, strict about versions."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, cast

import orjson

from tachograph.journal.records import SCHEMA_VERSION, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tachograph.journal.layout import JournalFile


def read(parts: Sequence[JournalFile], on_problem: Callable[[str], None]) -> Iterator[Record]:
    """The records of one process's journal in the order they were written.

    Parameters
    ----------
    parts
        The files of the journal, oldest first, as :func:`~tachograph.journal.layout.journal_files` gives them.
    on_problem
        Called with a few words for each thing that is missing or unreadable: a torn line, a file that was deleted by
        rotation, a file that cannot be opened.

    Raises
    ------
    JournalVersionError
        When the journal is of a newer version.
    """
    if parts and parts[0].part > 0:
        on_problem(f"{parts[0].part} older files of {parts[0].path.name} were deleted by rotation")
    for part in parts:
        yield from _read_file(part.path, on_problem)


def _read_file(path: Path, on_problem: Callable[[str], None]) -> Iterator[Record]:
    loads = orjson.loads
    try:
        file = path.open("rb")
    except OSError as error:
        on_problem(f"{path.name} cannot be read: {error.strerror}")
        return
    with file:
        for line in file:
            if line == b"\n":
                continue
            try:
                loaded: object = loads(line)
            except orjson.JSONDecodeError:
                on_problem(f"{path.name} has a torn record")
                continue
            if not isinstance(loaded, dict) or "type" not in loaded:
                on_problem(f"{path.name} has a line that is no record")
                continue
            record = cast("Record", loaded)
            version = record.get("schema_version")
            if version is not None and (not isinstance(version, int) or version > SCHEMA_VERSION):  # pyright: ignore[reportUnnecessaryIsInstance] - files can hold anything
                # Imported where it is raised: a recorded process loads this module when it starts.
                from tachograph.errors import JournalVersionError

                raise JournalVersionError(path, version, SCHEMA_VERSION)
            yield record


def is_alive(parts: Sequence[JournalFile]) -> bool:
    """Whether the process that owns a journal still runs: it holds a lock on the last of its files."""
    if not parts:
        return False
    try:
        fd = os.open(parts[-1].path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # A file system without locks: the process id is the next best sign.
        return _process_exists(parts[-1].pid)
    finally:
        os.close(fd)
    return False


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
