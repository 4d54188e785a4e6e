"""What of a run was sent on over OTLP, as its folder says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.sending.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph.report.model import Sent

_SIGNALS = ("traces", "logs", "metrics")


def sent(run_dir: Path) -> list[Sent]:
    """By signal; empty where nothing of the run is sent anywhere.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    from tachograph.report.model import Sent

    known = Progress.read(run_dir).signals
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
        for name, signal in known.items()
        if name in _SIGNALS
    ]
