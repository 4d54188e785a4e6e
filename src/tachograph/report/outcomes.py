"""How a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.report.model import STATUSES, Outcome, Status
from tachograph.report.values import integer_of, text_of

if TYPE_CHECKING:
    from tachograph.report.gathered import Folded
    from tachograph.report.lines import Source


def outcome_of(folded: Folded) -> Outcome:
    """The outcome of a run.

    A run whose opener said how it ended has ended; what the program itself said of the outcome then goes before the
    exit code. Without such a record the run is running as long as any of its processes is, and has crashed otherwise.
    """
    end, said = folded.end, folded.said
    if end is None:
        if any(source.alive and not _has_ended(folded, source) for source in folded.sources):
            return Outcome(status="running")
        if said is not None:
            return Outcome(status=_status(said.get("outcome")), reason=text_of(said.get("reason")))
        return Outcome(status="crashed", reason="it ended without a word")
    teller = said if said is not None else end
    return Outcome(
        status=_status(teller.get("outcome")),
        reason=text_of(teller.get("reason")),
        exit_code=integer_of(end.get("exit_code")),
        signal=text_of(end.get("signal")),
    )


def _has_ended(folded: Folded, source: Source) -> bool:
    known = folded.process(source)
    return known is not None and known.end_ns is not None


def _status(value: object) -> Status:
    for status in STATUSES:
        if status == value:
            return status
    return "failed"
