"""The metrics of calls on their way: counted from the journals of a run, and sent when they are due."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.export import AggregationTemporality

from tachograph_otlp.call_counter import CallCounter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tachograph.sending.progress import SignalProgress
    from tachograph_otlp.call_counter import ProcessCalls
    from tachograph_otlp.transport import Answer, Transport

_RETRY_S = 1.0


def _interval_s() -> float:
    # https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader
    try:
        return float(os.environ.get("OTEL_METRIC_EXPORT_INTERVAL") or 60_000) / 1000
    except ValueError:
        return 60.0


_INTERVAL_S = _interval_s()


class GenAIMetricsSender:
    """The metrics of the calls of a run on their way.

    A receiver that wants sums from the start gets the sums over the whole journal each time; one that wants differences
    gets what came after the last that was sent.

    Parameters
    ----------
    sender
        Sends them.
    run_dir
        The run's folder.
    state
        What has become of them; kept current.
    save
        Called whenever the state has changed.
    """

    def __init__(self, sender: Transport, run_dir: Path, state: SignalProgress, save: Callable[[], None]) -> None:
        self._sender = sender
        self._run_dir = run_dir
        self._state = state
        self._save = save
        wanted: dict[type, Any] = sender.exporter._preferred_temporality or {}
        self._differences = wanted.get(Histogram) is AggregationTemporality.DELTA
        self._counter = self._new_counter()
        self._due = time.monotonic() + _INTERVAL_S
        self._unsent = False
        self._flushing = False
        self.stopped = False
        """Whether nothing more is tried: the receiver will never take anything."""

    def _new_counter(self) -> CallCounter:
        return CallCounter(self._run_dir, self._state.calls, self._sender.exporter, differences=self._differences)

    def push(self) -> bool:
        """Count what has been written, and send it when that is due; there is never more at once."""
        self._unsent = self._counter.read(everything=self._flushing) or self._unsent
        if not self._unsent:
            self._done()
            return False
        if self.stopped or not self._is_due():
            return False
        self._due = time.monotonic() + (_RETRY_S if self._flushing else _INTERVAL_S)
        failed = [answer for process in self._counter.processes for answer in self._send(process)]
        self._state.failure = failed[0].reason if failed else None
        self.stopped = any(answer.verdict == "never" for answer in failed)
        # What was counted while an export was on its way is in none.
        self._unsent = bool(failed) or any(process.fresh for process in self._counter.processes)
        if self._unsent:
            self._save()
        else:
            self._done()
        return False

    def _is_due(self) -> bool:
        # A process that has ended may be waiting for it.
        return time.monotonic() >= self._due or any(
            process.has_ended and process.fresh for process in self._counter.processes
        )

    def _send(self, process: ProcessCalls) -> list[Answer]:
        """Send what a process has counted, if there is anything new; what came of it where that was a failure."""
        if process.metrics is None or not (process.fresh or process.held):
            return []
        if process.held is None or not self._differences:
            process.held = process.metrics.collect()
            process.fresh = False
            if self._differences:
                process.metrics.begin_anew()
        if process.held is None:
            return []
        answer = self._sender.send(process.held)
        if answer.verdict == "refused":
            self._state.refused += 1
            self._state.refusal = answer.reason
        elif answer.verdict != "sent":
            return [answer]
        elif answer.rejected:
            self._state.refused += 1
            self._state.refusal = answer.reason or None
        else:
            self._state.sent += 1
        process.held = None
        return []

    def _done(self) -> None:
        # What is held back would not be counted by one that begins there.
        positions = self._counter.positions
        if not self._counter.holds_calls and any(self._state.calls.get(name) != at for name, at in positions.items()):
            self._state.calls.update(positions)
            self._save()

    def flush(self) -> None:
        """Send what there is without waiting for the interval."""
        if not self._flushing:
            self._flushing = True
            self._due = 0.0

    def is_done(self) -> bool:
        """Whether all that has been counted is sent."""
        return not self._unsent and not self._counter.holds_calls and self._counter.is_at_end()

    def waiting(self) -> int:
        """Exports that are left to be sent: one a process with calls that are in none."""
        # Another thread may be waiting for the receiver, with the counter in its hands.
        counter = self._new_counter()
        counter.read(everything=True)
        return sum(process.fresh for process in counter.processes)
