"""How a run ended."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from tachograph.journal.coerce import integer_of, text_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.process_records import ProcessRecords
from tachograph.report.folding.sections.run_facts import RunFacts
from tachograph.report.part import Part
from tachograph.run_status import RUN_STATUSES, RunStatus

if TYPE_CHECKING:
    from tachograph.journal import Source


class Outcome(Part):
    """How the run ended."""

    status: RunStatus
    reason: str | None = Field(default=None, description="In a few words, why")
    exit_code: int | None = Field(default=None, description="Exit code of the command")
    signal: str | None = Field(default=None, description="Name of the signal that ended it, e.g. SIGKILL")


class Outcomes(Section[Outcome]):
    """Works out how the run ended.

    A run whose opener recorded its end has ended; the outcome that the program itself reported then takes precedence
    over the exit code. Without such a record the run is running as long as any of its processes is. If the launcher
    was killed, the run ended as the process of its command did, and crashed otherwise.
    """

    needs = (ProcessRecords,)

    @cached_property
    def outcome(self) -> Outcome:
        """How it ended, once all records have gone by."""
        run = self.fold.section(RunFacts)
        end, reported = run.end, run.reported
        if end is None:
            if any(source.alive and not self._has_ended(source) for source in self.fold.sources):
                return Outcome(status="running")
            known = self._without_an_end()
            if reported is None:
                return known
            kept = known.reason if known.status == "completed" else None
            return Outcome(status=_status(reported.get("outcome")), reason=text_of(reported.get("reason")) or kept)
        record = reported if reported is not None else end
        return Outcome(
            status=_status(record.get("outcome")),
            reason=text_of(record.get("reason")),
            exit_code=integer_of(end.get("exit_code")),
            signal=text_of(end.get("signal")),
        )

    def report(self) -> Outcome:
        """How it ended."""
        return self.outcome

    def _without_an_end(self) -> Outcome:
        """The outcome of a run that is over and whose opener recorded no end."""
        records = self.fold.section(ProcessRecords)
        if records.opener is None:
            # It was killed before its first record, or had no room for it.
            return Outcome(status="crashed", reason="the launcher recorded nothing, so how the run ended is not known")
        if records.launcher() is None:
            return Outcome(status="crashed", reason="its process ended without recording how")
        command = records.command()
        process = None if command is None else records.of(command)
        if process is None:
            return Outcome(
                status="crashed", reason="the launcher was killed; the command's own process recorded nothing"
            )
        if process.end is None:
            return Outcome(
                status="crashed", reason="neither the launcher nor the command's process recorded how it ended"
            )
        signal = text_of(process.end.get("signal"))
        status = _status(process.end.get("outcome") or ("completed" if signal is None else "interrupted"))
        known = text_of(process.end.get("reason"))
        killed = "the launcher was killed, so the exit code is not known"
        return Outcome(status=status, reason=killed if known is None else f"{known}; {killed}", signal=signal)

    def _has_ended(self, source: Source) -> bool:
        known = self.fold.section(ProcessRecords).of(source)
        return known is not None and known.end_ns is not None


def _status(value: object) -> RunStatus:
    for status in RUN_STATUSES:
        if status == value:
            return status
    return "failed"
