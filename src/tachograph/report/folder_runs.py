"""Finds, lists and keeps the runs below a `.tachograph` folder."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from tachograph.errors import AmbiguousRunError, ReportError, RunNotFoundError
from tachograph.report.run_folder import RunFolder
from tachograph.report.run_list import ListIndex
from tachograph.report.run_row import RunRow, row_of
from tachograph.report.runs import LATEST, FoundRun, Wanted
from tachograph.report.time_words import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tachograph.report.index import RunIndex
    from tachograph.report.model import RunReport

_MOST_SHOWN = 5
_LIVE_BYTES = 32_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PREFIX = re.compile(r"[0-9a-f]+\Z")


class FolderRuns:
    """The runs below a ``.tachograph`` folder, see :class:`tachograph.report.runs.Runs`.

    Parameters
    ----------
    base
        The ``.tachograph`` folder; it need not exist.
    rates
        The user's prices, see :class:`tachograph.report.prices.Pricer`.
    currency
        Their currency.
    project
        The root of the project whose runs are listed, for a folder with runs of several projects; None means all. A run
        is found by its id whatever its project.
    """

    def __init__(
        self,
        base: Path,
        *,
        rates: Mapping[str, Mapping[str, float]] | None = None,
        currency: str = "USD",
        project: Path | None = None,
    ) -> None:
        self._base = base
        self._project = project
        self._rates = rates
        self._currency = currency
        self._folders: dict[str, Path] = {}

    @property
    def where(self) -> str:
        """The folder."""
        return str(self._base)

    def find(self, prefix: str | None = None) -> FoundRun:
        """See :class:`tachograph.report.runs.Runs`."""
        folder = self._latest() if prefix is None or prefix.lower() == LATEST else self._matching(prefix)
        run_id = RunFolder(folder).run_id()
        self._folders[run_id] = folder
        return FoundRun(run_id, folder.name)

    def folder(self, run_id: str) -> Path:
        """The folder of a run.

        Parameters
        ----------
        run_id
            The run's id.

        Raises
        ------
        RunNotFoundError
            If there is no such run.
        """
        folder = self._folders.get(run_id)
        return self._matching(run_id) if folder is None else folder

    def _latest(self) -> Path:
        if self._project is not None:
            for row in self.rows(Wanted(limit=1)):
                return self._base / row.location
        for day in self._days() if self._project is None else ():
            started = [(at, name) for name in _names(day) if (at := RunFolder(day / name).start_ns()) is not None]
            if started:
                return day / max(started)[1]
        raise RunNotFoundError(f"no runs in {self._base} yet. Record one: tacho run -- COMMAND")

    def _matching(self, prefix: str) -> Path:
        wanted = prefix.replace("-", "").lower()
        if not _PREFIX.match(wanted):
            raise RunNotFoundError(f'"{prefix}" is not the id of a run, which has only the characters 0-9 and a-f')
        matching = [
            day / name
            for day in self._days()
            for name in _names(day)
            if (name.startswith(wanted) and (day / name).is_dir())
            or (wanted.startswith(name) and RunFolder(day / name).run_id().replace("-", "").startswith(wanted))
        ]
        if not matching:
            raise RunNotFoundError(f'no run in {self._base} starts with "{prefix}". List them: tacho list')
        if len(matching) > 1:
            listed = [f"{path.name} ({moment(RunFolder(path).start_ns() or 0)})" for path in matching[:_MOST_SHOWN]]
            more = f", and {len(matching) - _MOST_SHOWN} more" if len(matching) > _MOST_SHOWN else ""
            raise AmbiguousRunError(
                f'"{prefix}" is ambiguous, it matches {len(matching)} runs: {", ".join(listed)}{more}. '
                "Use more characters."
            )
        return matching[0]

    def report(self, run_id: str, *, refresh: bool = False) -> RunReport:
        """See :class:`tachograph.report.runs.Runs`: the kept report, or a new one if a journal has changed since."""
        return self.report_in(self.folder(run_id), refresh=refresh)

    def report_in(self, path: Path, *, refresh: bool = False) -> RunReport:
        """The report of the run in a folder, also if the folder cannot be written.

        Parameters
        ----------
        path
            The run's folder.
        refresh
            Whether the journals are always folded.

        Raises
        ------
        ReportError
            If the folder holds no run, or a newer version wrote it.
        """
        from pydantic import ValidationError

        from tachograph.report.fold_run import fold
        from tachograph.report.folding.sections.sent import sent
        from tachograph.report.model import RunReport

        folder = RunFolder(path)
        kept, newest_ns = folder.kept_report(), folder.newest_journal_ns()
        if kept is not None and (newest_ns is None or (not refresh and kept[1] == newest_ns)):
            with suppress(ValidationError):
                return RunReport.model_validate_json(kept[0]).model_copy(update={"sent": sent(path)})
        report = fold(path, rates=self._rates, currency=self._currency)
        if newest_ns is not None and _is_final(report):
            folder.keep_report(report, newest_ns)
        return report

    def save(self, report: RunReport) -> None:
        """See :class:`tachograph.report.runs.Runs`."""
        folder = RunFolder(self.folder(report.run.id))
        newest_ns = folder.newest_journal_ns()
        if newest_ns is not None and _is_final(report):
            folder.keep_report(report, newest_ns)

    def index(self, run_id: str) -> AbstractContextManager[RunIndex]:
        """See :class:`tachograph.report.runs.Runs`."""
        from tachograph.report.index import open_index
        from tachograph.report.prices import Pricer

        return open_index(self.folder(run_id), Pricer(self._rates, self._currency))

    def rows(self, wanted: Wanted | None = None) -> list[RunRow]:
        """See :class:`tachograph.report.runs.Runs`: from the index of the list, as far as it has them."""
        with ListIndex.open(self._base) as index:
            limited = replace(wanted or Wanted(), project=self._project)
            rows = index.rows(self._days(), self._row, limited)
            for at, row in enumerate(rows):
                path = self._base / row.location
                if row.final and RunFolder(path).has_another_report(row.report_mtime_ns):
                    rows[at] = self._row(path) or row
                    index.put(rows[at])
        return rows

    def _days(self) -> list[Path]:
        try:
            return sorted(
                (day for day in (self._base / "runs").iterdir() if _DAY.match(day.name)),
                key=lambda day: day.name,
                reverse=True,
            )
        except OSError:
            return []

    def _row(self, path: Path) -> RunRow | None:
        """The line of one run; None if the folder holds no run."""
        day, short_id = path.parent.name, path.name
        folder = RunFolder(path)
        start_ns = folder.start_ns()
        if start_ns is None:
            return None
        try:
            kept, newest_ns = folder.kept_report(), folder.newest_journal_ns()
            if kept is not None and kept[1] == (newest_ns or kept[1]):
                with suppress(KeyError, TypeError, ValueError):
                    return row_of(orjson.loads(kept[0]), day, short_id, final=True, report_mtime_ns=kept[1])
            if folder.journal_bytes() > _LIVE_BYTES and folder.is_running():
                run_id, directory = folder.run_id(), folder.directory()
                return RunRow(day, short_id, start_ns, run_id, short_id, "running", directory=directory)
            report = self.report_in(path)
        except (ReportError, OSError, RuntimeError) as error:
            return RunRow(day, short_id, start_ns, short_id, short_id, "unreadable", reason=str(error))
        return row_of(
            report.model_dump(mode="json", include={"run", "timing", "outcome", "tokens", "cost", "models"}),
            day,
            short_id,
            final=_is_final(report),
            report_mtime_ns=folder.newest_journal_ns() or 0,
        )


def _names(day: Path) -> list[str]:
    try:
        return os.listdir(day)  # noqa: PTH208 - this is fast enough for a hundred thousand names
    except OSError:
        return []


def _is_final(report: RunReport) -> bool:
    return report.outcome.status != "running" and all(process.end != "running" for process in report.processes)
