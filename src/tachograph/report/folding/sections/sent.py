"""The member `sent` of the report: what has been sent over OTLP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tachograph.report.folding.section import Section
from tachograph.report.part import Part
from tachograph.sending.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

_SIGNALS = ("traces", "logs", "metrics")


class Sent(Part):
    """The progress of one signal that is sent over OTLP."""

    signal: Literal["traces", "logs", "metrics"]
    endpoint: str = Field(description="URL of the receiver, without credentials; empty if nothing could be sent")
    sent: int = Field(description="Spans, log records or exports of metrics that the receiver accepted")
    refused: int = Field(description="Those it refused, which are not sent again")
    waiting: int = Field(description="Those that were still to be sent when sending ended")
    failure: str | None = Field(description="Why the last attempt failed; null if it did not")
    refusal: str | None = Field(description="Why it refused some; null if it did not")


class SentSignals(Section[list[Sent]]):
    """Reads the progress of sending from the run's folder."""

    def report(self) -> list[Sent]:
        """One entry for each signal; empty if nothing of the run is sent."""
        return sent(self.fold.run_dir)


def sent(run_dir: Path) -> list[Sent]:
    """What has been sent, by signal; empty if nothing of the run is sent.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    return [
        Sent(
            signal=name,
            endpoint=signal.endpoint,
            sent=signal.sent,
            refused=signal.refused,
            waiting=signal.waiting,
            failure=signal.failure,
            refusal=signal.refusal,
        )
        for name, signal in Progress.read(run_dir).signals.items()
        if name in _SIGNALS
    ]
