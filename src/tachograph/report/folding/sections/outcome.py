"""The member `outcome` of the report: how the run ended."""

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
    reason: str | None = Field(default=None, description="Why, in a few words")
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
        """The outcome of the run; available once all records have been read."""
        run = self.fold.section(RunFacts)
        end, reported = run.end, run.reported
        if end is None:
            if any(source.alive and not self._has_ended(source) for source in self.fold.sources):
                return Outcome(status="running")
            outcome = self._without_an_end()
            if reported is None:
                return outcome
            reason = text_of(reported.get("reason")) or (outcome.reason if outcome.status == "completed" else None)
            return Outcome(status=_status(reported.get("outcome")), reason=reason)
        record = reported if reported is not None else end
        return Outcome(
            status=_status(record.get("outcome")),
            reason=text_of(record.get("reason")),
            exit_code=integer_of(end.get("exit_code")),
            signal=text_of(end.get("signal")),
        )

    def report(self) -> Outcome:
        """The outcome of the run."""
        return self.outcome

    def _without_an_end(self) -> Outcome:
        """The outcome of a run that has ended and whose opener recorded no end."""
        records = self.fold.section(ProcessRecords)
        if records.opener is None:
            # The opener was killed before its first record, or the disk was full.
            return Outcome(status="crashed", reason="the launcher recorded nothing, so how the run ended is not known")
        if records.launcher() is None:
            return Outcome(status="crashed", reason="the process ended without recording its exit")
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
        reason = text_of(process.end.get("reason"))
        killed = "the launcher was killed, so the exit code is not known"
        return Outcome(status=status, reason=killed if reason is None else f"{reason}; {killed}", signal=signal)

    def _has_ended(self, source: Source) -> bool:
        facts = self.fold.section(ProcessRecords).of(source)
        return facts is not None and facts.end_ns is not None


def _status(value: object) -> RunStatus:
    for status in RUN_STATUSES:
        if status == value:
            return status
    return "failed"
