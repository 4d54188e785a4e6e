"""A line of the list of runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class RunRow:
    """The facts about a run in a list; None means unknown.

    Attributes
    ----------
    day
        The day it was started, in UTC.
    short_id
        The first characters of the id, under which it is listed.
    id
        The run's UUID4, or the name of the folder if nothing in it can be read.
    status
        One of the statuses of a report, or ``unreadable``.
    costs
        Amounts by currency, decimals as text.
    models
        Names of the models that were called.
    directory
        The working directory.
    final
        Whether the run has ended, so that this does not change any more.
    report_mtime_ns
        Modification time of the report it comes from in ns, 0 if there is none.
    """

    day: str
    short_id: str
    start_ns: int
    id: str
    name: str
    status: str
    task: str | None = None
    reason: str | None = None
    total_ns: int | None = None
    calls: int | None = None
    tokens: int | None = None
    tokens_complete: bool = True
    costs: dict[str, str] = field(default_factory=dict[str, str])
    cost_complete: bool = True
    models: list[str] = field(default_factory=list[str])
    directory: str | None = None
    final: bool = False
    report_mtime_ns: int = 0

    @property
    def location(self) -> str:
        """The path of the run's folder, relative to the ``.tachograph`` folder."""
        return f"runs/{self.day}/{self.short_id}"


def row_of(report: dict[str, Any], day: str, short_id: str, *, final: bool, report_mtime_ns: int) -> RunRow:
    """The line of a run, from its report as it is in ``report.json``.

    Raises
    ------
    KeyError, TypeError
        If it is not a report.
    """
    run, timing, outcome = report["run"], report["timing"], report["outcome"]
    return RunRow(
        day=day,
        short_id=short_id,
        start_ns=timing["start_ns"],
        id=run["id"],
        name=run["name"],
        status=outcome["status"],
        task=run["task"],
        reason=outcome["reason"],
        total_ns=timing["total_ns"],
        calls=sum(model["calls"] for model in report["models"]),
        tokens=report["tokens"]["sum"]["total"],
        tokens_complete=report["tokens"]["complete"],
        costs={total["currency"]: total["amount"] for total in report["cost"]["totals"]},
        cost_complete=report["cost"]["complete"],
        models=sorted({model["model"] for model in report["models"] if model["model"]}),
        directory=run["directory"],
        final=final,
        report_mtime_ns=report_mtime_ns,
    )
