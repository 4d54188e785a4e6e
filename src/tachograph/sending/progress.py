"""Reads and writes the progress of sending a run, in a file next to the run's journals."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.atomic_write import write_whole

if TYPE_CHECKING:
    from pathlib import Path

STATE_FILE = "otlp.json"
_VERSION = 1


@dataclass(slots=True)
class SignalProgress:
    """The progress of one signal of a run.

    Attributes
    ----------
    endpoint
        The receiver's URL, without credentials.
    sent
        Number of items that the receiver has accepted: spans, log records or data points.
    refused
        Number of items that it has refused, which are not sent again.
    waiting
        Number of items that are still to be sent.
    failure
        Why the last attempt failed; None if it did not.
    refusal
        Why items were refused; None if none were.
    files
        For each file of the journals, the byte up to which it has been sent.
    calls
        For each file, the byte up to which its calls are part of metrics that were sent; used for metrics only.
    """

    endpoint: str
    sent: int = 0
    refused: int = 0
    waiting: int = 0
    failure: str | None = None
    refusal: str | None = None
    files: dict[str, int] = field(default_factory=dict[str, int])
    calls: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class Progress:
    """The progress of each signal of a run that is sent."""

    signals: dict[str, SignalProgress] = field(default_factory=dict[str, SignalProgress])

    @classmethod
    def read(cls, run_dir: Path) -> Progress:
        """Read the progress from a run's folder; empty if there is no such file, or it cannot be used.

        Parameters
        ----------
        run_dir
            The run's folder.
        """
        try:
            loaded: Any = orjson.loads((run_dir / STATE_FILE).read_bytes())
            if loaded["schema_version"] > _VERSION:
                return cls()
            signals = {name: SignalProgress(**values) for name, values in loaded["signals"].items()}
            metrics = signals.get("metrics")
            if metrics is not None and "calls" not in loaded["signals"]["metrics"]:
                # Written by a version that had no metrics other than those of calls.
                metrics.calls = dict(metrics.files)
            return cls(signals)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, run_dir: Path) -> None:
        """Write the progress to a run's folder.

        Parameters
        ----------
        run_dir
            The run's folder.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        text = orjson.dumps({"schema_version": _VERSION, **asdict(self)}, option=orjson.OPT_APPEND_NEWLINE)
        write_whole(run_dir / STATE_FILE, text)
