"""Reads the folder of one run without folding its journals, and reads and writes its report."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.atomic_write import write_whole
from tachograph.errors import ReportVersionError
from tachograph.journal import REPORT_FILE, is_alive, journal_files, read
from tachograph.report.version import REPORT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tachograph.report.model import RunReport

_JOURNAL = re.compile(r"journal-\d+-(\d+)\.jsonl")
_FIRST_RECORDS = 4


class RunFolder:
    """The folder of one run.

    Parameters
    ----------
    path
        The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def start_ns(self) -> int | None:
        """When the first process of the run began, in ns since the epoch; None if the folder has no run."""
        try:
            names = os.listdir(self.path)  # noqa: PTH208 - this is fast enough for a hundred thousand folders
        except OSError:
            return None
        starts = [int(match[1]) for name in names if (match := _JOURNAL.match(name))]
        if starts:
            return min(starts)
        if REPORT_FILE in names:
            with suppress(OSError, ValueError, KeyError, TypeError):
                return int(orjson.loads((self.path / REPORT_FILE).read_bytes())["timing"]["start_ns"])
        return None

    def run_id(self) -> str:
        """The id of the run; the name of the folder if no record has the id."""
        for record in self._first_records(1):
            with suppress(KeyError, TypeError):
                return str(record["run"])
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(orjson.loads((self.path / REPORT_FILE).read_bytes())["run"]["id"])
        return self.path.name

    def directory(self) -> str | None:
        """The working directory of the run; None if it is not known."""
        for record in self._first_records(_FIRST_RECORDS):
            with suppress(KeyError, TypeError):
                return str(record["facts"]["directory"])
        return None

    def _first_records(self, count: int) -> Iterator[dict[str, Any]]:
        with suppress(OSError):
            for parts in journal_files(self.path):
                yield from islice(read(parts), count)

    def kept_report(self) -> tuple[bytes, int] | None:
        """The report in the folder and its modification time in ns; None if there is none that can be used.

        Raises
        ------
        ReportVersionError
            If a newer version wrote it.
        """
        path = self.path / REPORT_FILE
        try:
            with path.open("rb") as file:
                text, mtime_ns = file.read(), os.fstat(file.fileno()).st_mtime_ns
            loaded: Any = orjson.loads(text)
            version: Any = loaded["schema_version"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if isinstance(version, int) and version > REPORT_VERSION:
            raise ReportVersionError(path, version, REPORT_VERSION)
        return (text, mtime_ns) if version == REPORT_VERSION else None

    def has_another_report(self, mtime_ns: int) -> bool:
        """Whether the report in the folder has another modification time, in ns."""
        try:
            return (self.path / REPORT_FILE).stat().st_mtime_ns != mtime_ns
        except OSError:
            return False

    def keep_report(self, report: RunReport, newest_ns: int) -> None:
        """Write a report atomically; do nothing if the folder cannot be written.

        Parameters
        ----------
        report
            The report.
        newest_ns
            The modification time of the newest journal it was made from, by which later records are noticed.
        """
        # Indented, because people read this file.
        text = orjson.dumps(report.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        with suppress(OSError):
            write_whole(self.path / REPORT_FILE, text, mtime_ns=newest_ns)

    def newest_journal_ns(self) -> int | None:
        """The modification time of the newest journal, in ns; None if there are no journals."""
        try:
            with os.scandir(self.path) as entries:
                return max((e.stat().st_mtime_ns for e in entries if _JOURNAL.match(e.name)), default=None)
        except OSError:
            return None

    def journal_bytes(self) -> int:
        """The size of all journals in bytes."""
        with os.scandir(self.path) as entries:
            return sum(entry.stat().st_size for entry in entries if _JOURNAL.match(entry.name))

    def is_running(self) -> bool:
        """Whether a process of the run is alive."""
        return any(is_alive(parts) for parts in journal_files(self.path))
