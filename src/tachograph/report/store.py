"""The runs below a `.tachograph` folder: found, folded, kept, listed."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.atomic_write import write_whole
from tachograph.errors import AmbiguousRunError, ReportError, ReportVersionError, RunNotFoundError
from tachograph.journal import REPORT_FILE, journal_files
from tachograph.report import first_records
from tachograph.report.run_list import Index, Wanted
from tachograph.report.run_row import RunRow, row_of
from tachograph.report.time_words import moment
from tachograph.report.version import REPORT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tachograph.report.model import RunReport

LATEST = "latest"
_MOST_SHOWN = 5
_LIVE_BYTES = 32_000_000
_JOURNAL = re.compile(r"journal-\d+-(\d+)\.jsonl")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PREFIX = re.compile(r"[0-9a-f]+\Z")


class Store:
    """The runs of one project.

    Parameters
    ----------
    base
        The ``.tachograph`` folder; it need not exist.
    rates
        The user's prices, see :class:`tachograph.report.prices.Pricer`.
    currency
        Their currency.
    project
        The root of the project whose runs are listed, for a folder that has runs of several; a run is found by its id
        whatever its project.
    """

    def __init__(
        self,
        base: Path,
        *,
        rates: Mapping[str, Mapping[str, float]] | None = None,
        currency: str = "USD",
        project: Path | None = None,
    ) -> None:
        self.base = base
        self._project = project
        self._rates = rates
        self._currency = currency

    def find(self, prefix: str | None = None) -> Path:
        """The folder of a run.

        Parameters
        ----------
        prefix
            The run's id or its first characters; None or ``latest`` means the run that was started last.

        Raises
        ------
        RunNotFoundError
            When no run fits.
        AmbiguousRunError
            When several do.
        """
        if prefix is None or prefix.lower() == LATEST:
            if self._project is not None:
                for row in self.runs(Wanted(limit=1)):
                    return self.base / "runs" / row.day / row.folder
            for day in self._days() if self._project is None else ():
                started = [(at, name) for name in _names(day) if (at := _start_of(day / name)) is not None]
                if started:
                    return day / max(started)[1]
            raise RunNotFoundError(f"no runs in {self.base} yet. Record one: tacho run -- COMMAND")
        wanted = prefix.replace("-", "").lower()
        if not _PREFIX.match(wanted):
            raise RunNotFoundError(
                f'"{prefix}" is not the id of a run, which has only the characters 0-9 and a-f. List them: tacho list'
            )
        found = [
            day / name
            for day in self._days()
            for name in _names(day)
            if (name.startswith(wanted) and (day / name).is_dir())
            or (wanted.startswith(name) and first_records.run_id(day / name).replace("-", "").startswith(wanted))
        ]
        if not found:
            raise RunNotFoundError(f'no run in {self.base} starts with "{prefix}". List them: tacho list')
        if len(found) > 1:
            listed = [f"{folder.name} ({moment(_start_of(folder) or 0)})" for folder in found[:_MOST_SHOWN]]
            more = f", and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
            raise AmbiguousRunError(
                f'"{prefix}" is ambiguous, it matches {len(found)} runs: {", ".join(listed)}{more}. '
                "Use more characters."
            )
        return found[0]

    def report(self, run_dir: Path, *, refresh: bool = False) -> RunReport:
        """The report of a run: the one that is kept, or a new one where there is none or the journals went on.

        A report of a run that has ended is kept; where the folder cannot be written it is given all the same.

        Parameters
        ----------
        run_dir
            The run's folder.
        refresh
            Fold the journals in any case, e.g. to apply other prices.

        Raises
        ------
        ReportVersionError
            When a newer version wrote the report; it is left as it is.
        JournalVersionError
            When a newer version wrote the journals.
        RunNotFoundError
            When the folder holds neither journals nor a report.
        """
        from pydantic import ValidationError

        from tachograph.report.folding.fold import fold
        from tachograph.report.folding.sections.sent import sent
        from tachograph.report.model import RunReport

        kept = _kept(run_dir)
        newest = _newest_journal(run_dir)
        if kept is not None and (newest is None or (not refresh and kept[1] == newest)):
            with suppress(ValidationError):
                return RunReport.model_validate_json(kept[0]).model_copy(update={"sent": sent(run_dir)})
        made = fold(run_dir, rates=self._rates, currency=self._currency)
        if newest is not None and _is_final(made):
            _keep(run_dir, made, newest)
        return made

    def runs(self, wanted: Wanted | None = None) -> list[RunRow]:
        """The runs that are wanted, newest first, from the index where it knows them.

        Parameters
        ----------
        wanted
            Which; None means the last 20.
        """
        with Index.open(self.base) as index:
            limited = replace(wanted or Wanted(), project=self._project)
            found = index.rows(self._days(), self._row, limited)
            for at, row in enumerate(found):
                run_dir = self.base / "runs" / row.day / row.folder
                if row.final and _made_again(run_dir, row.report_mtime_ns):
                    found[at] = self._row(run_dir) or row
                    index.put(found[at])
        return found

    def _days(self) -> list[Path]:
        try:
            return sorted(
                (day for day in (self.base / "runs").iterdir() if _DAY.match(day.name)),
                key=lambda day: day.name,
                reverse=True,
            )
        except OSError:
            return []

    def _row(self, run_dir: Path) -> RunRow | None:
        """The line of one run; None where the folder holds no run."""
        day, folder = run_dir.parent.name, run_dir.name
        start_ns = _start_of(run_dir)
        if start_ns is None:
            return None
        try:
            kept = _kept(run_dir)
            if kept is not None and kept[1] == (_newest_journal(run_dir) or kept[1]):
                with suppress(KeyError, TypeError, ValueError):
                    return row_of(orjson.loads(kept[0]), day, folder, final=True, report_mtime_ns=kept[1])
            if _size_of(run_dir) > _LIVE_BYTES and any(_alive(run_dir)):
                return RunRow(
                    day,
                    folder,
                    start_ns,
                    first_records.run_id(run_dir),
                    folder,
                    "running",
                    directory=first_records.directory(run_dir),
                )
            made = self.report(run_dir)
        except (ReportError, OSError, RuntimeError) as error:
            return RunRow(day, folder, start_ns, folder, folder, "unreadable", reason=str(error))
        return row_of(
            made.model_dump(mode="json", include={"run", "timing", "outcome", "tokens", "cost", "models"}),
            day,
            folder,
            final=_is_final(made),
            report_mtime_ns=_newest_journal(run_dir) or 0,
        )


def _names(day: Path) -> list[str]:
    try:
        return os.listdir(day)  # noqa: PTH208 - a hundred thousand names are looked at this way
    except OSError:
        return []


def _start_of(run_dir: Path) -> int | None:
    """When the first process of a run began, from the names of its journals; None where it holds no run."""
    try:
        names = os.listdir(run_dir)  # noqa: PTH208 - a hundred thousand folders are looked at this way
    except OSError:
        return None
    starts = [int(match[1]) for name in names if (match := _JOURNAL.match(name))]
    if starts:
        return min(starts)
    if REPORT_FILE in names:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return int(orjson.loads((run_dir / REPORT_FILE).read_bytes())["timing"]["start_ns"])
    return None


def _kept(run_dir: Path) -> tuple[bytes, int] | None:
    """The kept report and its modification time; None where there is none that can be used.

    Raises
    ------
    ReportVersionError
        When a newer version wrote it.
    """
    path = run_dir / REPORT_FILE
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


def _newest_journal(run_dir: Path) -> int | None:
    """The modification time of the journal that was written to last, None where there are no journals."""
    try:
        with os.scandir(run_dir) as entries:
            return max((e.stat().st_mtime_ns for e in entries if _JOURNAL.match(e.name)), default=None)
    except OSError:
        return None


def _made_again(run_dir: Path, mtime_ns: int) -> bool:
    try:
        return (run_dir / REPORT_FILE).stat().st_mtime_ns != mtime_ns
    except OSError:
        return False


def _size_of(run_dir: Path) -> int:
    with os.scandir(run_dir) as entries:
        return sum(entry.stat().st_size for entry in entries if _JOURNAL.match(entry.name))


def _alive(run_dir: Path) -> list[bool]:
    from tachograph.journal import is_alive

    return [is_alive(parts) for parts in journal_files(run_dir)]


def _is_final(report: RunReport) -> bool:
    return report.outcome.status != "running" and all(process.end != "running" for process in report.processes)


def _keep(run_dir: Path, report: RunReport, newest_ns: int) -> None:
    """Write a report whole or not at all; it gets the time of the journals it was made of, so that more is noticed."""
    # What is read by the eye is indented; the file is the user's own.
    text = orjson.dumps(report.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    with suppress(OSError):
        write_whole(run_dir / REPORT_FILE, text, mtime_ns=newest_ns)
