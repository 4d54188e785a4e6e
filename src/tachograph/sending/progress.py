"""How far a run has been sent on, as it stands beside the run's journals."""

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
    """One signal of a run.

    Attributes
    ----------
    endpoint
        Where it goes, without credentials.
    sent
        Items the receiver has taken: spans, log records or data points.
    refused
        Items it has refused for good.
    waiting
        Items that are still to be sent.
    failure
        Why the last attempt failed; None where it did not.
    refusal
        Why items were refused; None where none were.
    files
        Up to which byte each file of the journals is done with.
    calls
        Up to which byte the calls in each file are part of metrics that were sent; of the signal of metrics alone.
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
    """The signals of a run that are sent on."""

    signals: dict[str, SignalProgress] = field(default_factory=dict[str, SignalProgress])

    @classmethod
    def read(cls, run_dir: Path) -> Progress:
        """What stands in a run's folder; nothing where there is no such file, or it is none of ours.

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
                # As it was written when there were no other metrics than those of calls.
                metrics.calls = dict(metrics.files)
            return cls(signals)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, run_dir: Path) -> None:
        """Replace what stands in a run's folder.

        Parameters
        ----------
        run_dir
            The run's folder.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        text = orjson.dumps({"schema_version": _VERSION, **asdict(self)}, option=orjson.OPT_APPEND_NEWLINE)
        write_whole(run_dir / STATE_FILE, text)
