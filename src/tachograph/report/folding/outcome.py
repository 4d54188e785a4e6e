"""How a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.journal.coerce import integer_of, text_of
from tachograph.report.model import Outcome
from tachograph.run_status import RUN_STATUSES, RunStatus

if TYPE_CHECKING:
    from tachograph.journal.merge import Source
    from tachograph.report.folding.state import Folded


def outcome_of(folded: Folded) -> Outcome:
    """The outcome of a run.

    A run whose opener said how it ended has ended; what the program itself said of the outcome then goes before the
    exit code. Without such a record the run is running as long as any of its processes is. Where the launcher was
    killed, the run then ended as the process of its command did; it has crashed otherwise.
    """
    end, said = folded.end, folded.said
    if end is None:
        if any(source.alive and not _has_ended(folded, source) for source in folded.sources):
            return Outcome(status="running")
        known = _without_an_end(folded)
        if said is None:
            return known
        status = _status(said.get("outcome"))
        kept = known.reason if known.status == "completed" else None
        return Outcome(status=status, reason=text_of(said.get("reason")) or kept)
    teller = said if said is not None else end
    return Outcome(
        status=_status(teller.get("outcome")),
        reason=text_of(teller.get("reason")),
        exit_code=integer_of(end.get("exit_code")),
        signal=text_of(end.get("signal")),
    )


def _without_an_end(folded: Folded) -> Outcome:
    """The outcome of a run that is over and whose opener recorded no end."""
    if folded.opener is None:
        # It was killed before its first record, or had no room for it.
        return Outcome(status="crashed", reason="the launcher recorded nothing, so how the run ended is not known")
    if folded.launcher() is None:
        return Outcome(status="crashed", reason="its process ended without recording how")
    command = folded.command()
    process = None if command is None else folded.process(command)
    if process is None:
        return Outcome(status="crashed", reason="the launcher was killed; the command's own process recorded nothing")
    if process.end is None:
        return Outcome(status="crashed", reason="neither the launcher nor the command's process recorded how it ended")
    signal = text_of(process.end.get("signal"))
    status = _status(process.end.get("outcome") or ("completed" if signal is None else "interrupted"))
    known = text_of(process.end.get("reason"))
    killed = "the launcher was killed, so the exit code is not known"
    return Outcome(status=status, reason=killed if known is None else f"{known}; {killed}", signal=signal)


def _has_ended(folded: Folded, source: Source) -> bool:
    known = folded.process(source)
    return known is not None and known.end_ns is not None


def _status(value: object) -> RunStatus:
    for status in RUN_STATUSES:
        if status == value:
            return status
    return "failed"
