"""Reads the journals of a run from where an earlier reading stopped, also while they are being written."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Any

from tachograph.journal.layout import journal_files
from tachograph.journal.lines import check_version, is_json, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tachograph.journal.layout import JournalFile

    Line = tuple["Source", JournalFile, int, bytes]
    """A line with its newline, after where it comes from: the journal, its file, the byte it begins at."""

_BUFFER = 1 << 20


class Source:
    """The journal of one process.

    Attributes
    ----------
    pid
        The process id.
    start_ns
        When its journal was begun, in ns since the epoch.
    parts
        Its files, oldest first.
    alive
        Whether its process was running when that was last looked at, before the reading; True before that.
    unreadable
        Files that could not be opened or read, by name, with the reason.
    """

    __slots__ = ("alive", "parts", "pid", "start_ns", "unreadable")

    def __init__(self, parts: Sequence[JournalFile]) -> None:
        self.pid = parts[0].pid
        self.start_ns = parts[0].start_ns
        self.parts = parts
        self.alive = True
        self.unreadable: dict[str, str] = {}


class Tail:
    """Follows the journals of a run.

    Parameters
    ----------
    run_dir
        The run's folder.
    positions
        For each file, the byte up to which it has been read before.
    torn
        Whether an incomplete last line is returned as well; otherwise it is left until it is complete.

    Attributes
    ----------
    sources
        The journals that :meth:`look` has found, in order of their start.
    positions
        For each file, the byte up to which it has been read.
    torn
        See the parameter.
    """

    def __init__(self, run_dir: Path, positions: Mapping[str, int] | None = None, *, torn: bool = False) -> None:
        self._run_dir = run_dir
        self.torn = torn
        self._by_process: dict[tuple[int, int], Source] = {}
        self.positions = dict(positions or {})
        self.sources: list[Source] = []

    def look(self, *, liveness: bool = True) -> None:
        """Look for journals and files that have been begun since the last look.

        Parameters
        ----------
        liveness
            Whether it is looked at which processes run, which opens the last file of each. If a process is alive now
            and ends later, its journal will have a record of the end.

        Raises
        ------
        OSError
            If the folder cannot be read.
        """
        sources: list[Source] = []
        for parts in journal_files(self._run_dir):
            key = (parts[0].start_ns, parts[0].pid)
            source = self._by_process.get(key)
            if source is None:
                source = self._by_process[key] = Source(parts)
            source.parts = parts
            if liveness:
                source.alive = is_alive(parts)
            sources.append(source)
        self.sources[:] = sources

    def lines(self, source: Source) -> Iterator[Line]:
        """The lines of a journal that have not been read, in the order they were written.

        Parameters
        ----------
        source
            One of :attr:`sources`.

        Raises
        ------
        JournalVersionError
            If a newer version wrote it.
        """
        positions = self.positions
        whole_only = not self.torn
        for part in source.parts:
            name = part.path.name
            at = positions.get(name, 0)
            try:
                with part.path.open("rb", buffering=_BUFFER) as file:
                    if at:
                        file.seek(at)
                    for line in file:
                        if whole_only and not line.endswith(b"\n"):
                            break
                        if not at:
                            check_version(line, part.path)
                        yield source, part, at, line
                        at += len(line)
                        positions[name] = at
            except OSError as error:
                source.unreadable[name] = error.strerror or str(error)

    def is_at_end(self) -> bool:
        """Whether every complete line has been read."""
        for parts in journal_files(self._run_dir):
            for part in parts:
                at = self.positions.get(part.path.name, 0)
                try:
                    if part.path.stat().st_size > at and _has_line(part.path, at):
                        return False
                except OSError:
                    continue
        return True


def read(parts: Sequence[JournalFile], on_problem: Callable[[str], None] | None = None) -> Iterator[dict[str, Any]]:
    """The records of one journal in the order they were written; :mod:`tachograph.journal.records` has their types.

    Parameters
    ----------
    parts
        The files of the journal, oldest first, as :func:`~tachograph.journal.layout.journal_files` returns them.
    on_problem
        Called with a few words about each problem: a torn line, a file deleted by rotation, a file that cannot be
        opened.

    Raises
    ------
    JournalVersionError
        If a newer version wrote the journal.
    """
    report: Callable[[str], None] = on_problem or (lambda _: None)
    if not parts:
        return
    if parts[0].part > 0:
        report(f"{parts[0].part} older files of {parts[0].path.name} were deleted by rotation")
    source = Source(parts)
    for _, part, _, line in Tail(parts[0].path.parent, torn=True).lines(source):
        if line == b"\n":
            continue
        record = parse(line)
        if record is not None:
            yield record
        else:
            report(f"{part.path.name} has a {'line that is no record' if is_json(line) else 'torn record'}")
    for name, reason in source.unreadable.items():
        report(f"{name} cannot be read: {reason}")


def is_alive(parts: Sequence[JournalFile]) -> bool:
    """Whether the process of a journal still runs, which holds a lock on the last of its files."""
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


def _has_line(path: Path, at: int) -> bool:
    # An incomplete line does not count: only a process that lives can complete it.
    with path.open("rb") as file:
        file.seek(at)
        return file.readline().endswith(b"\n")


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
