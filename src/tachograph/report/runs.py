"""The protocol by which runs are found, listed, opened and saved by their ids, wherever they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - a dataclass may be inspected
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tachograph.report.index import RunIndex
    from tachograph.report.model import RunReport
    from tachograph.report.run_row import RunRow

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Selects the runs of a list.

    Parameters
    ----------
    limit
        Maximum number of runs; None means all.
    since_ns, until_ns
        Bounds of the start, in ns since the epoch, the second one exclusive.
    status
        A status of a report.
    task
        A glob pattern that the whole task, or the whole name of a run without a task, must match.
    model
        A glob pattern that the whole name of one of the models must match.
    project
        The root of the project that the working directory must belong to.
    """

    limit: int | None = 20
    since_ns: int | None = None
    until_ns: int | None = None
    status: str | None = None
    task: str | None = None
    model: str | None = None
    project: Path | None = None


class FoundRun(NamedTuple):
    """A run that was found.

    Attributes
    ----------
    id
        Its id, a UUID4; the name of its folder if nothing of it can be read.
    short_id
        The first characters of the id, under which it is listed.
    """

    id: str
    short_id: str


class Runs(Protocol):
    """The runs that are kept in one place, such as a folder."""

    @property
    def where(self) -> str:
        """The place, for messages."""
        ...

    def find(self, prefix: str | None = None) -> FoundRun:
        """Find a run.

        Parameters
        ----------
        prefix
            The run's id or its first characters; None or ``latest`` means the run that was started last.

        Raises
        ------
        RunNotFoundError
            If no run matches.
        AmbiguousRunError
            If several runs match.
        """
        ...

    def rows(self, wanted: Wanted | None = None) -> list[RunRow]:
        """List runs, newest first.

        Parameters
        ----------
        wanted
            Which runs; None means the last 20.
        """
        ...

    def report(self, run_id: str, *, refresh: bool = False) -> RunReport:
        """The report of a run.

        Parameters
        ----------
        run_id
            The run's id.
        refresh
            Whether it is always made from the journals, e.g. to apply other prices.

        Raises
        ------
        ReportError
            If there is no such run, or a newer version wrote it.
        """
        ...

    def save(self, report: RunReport) -> None:
        """Keep the report of a run that has ended. If that is impossible, the report is made again when it is needed.

        Parameters
        ----------
        report
            The report.
        """
        ...

    def index(self, run_id: str) -> AbstractContextManager[RunIndex]:
        """The index of a run, up to date: its spans, events, calls and content.

        Parameters
        ----------
        run_id
            The run's id.

        Raises
        ------
        ReportError
            If there is no such run, or a newer version wrote it.
        """
        ...
