"""Sends the metrics that are computed from the calls of a run, at the interval of OpenTelemetry's metric readers."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.export import AggregationTemporality

from tachograph_otlp.call_counter import CallCounter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tachograph.sending.progress import SignalProgress
    from tachograph_otlp.answer import Answer
    from tachograph_otlp.call_counter import ProcessCalls
    from tachograph_otlp.transport import Transport

_RETRY_S = 1.0


def _interval_s() -> float:
    # https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader
    try:
        return float(os.environ.get("OTEL_METRIC_EXPORT_INTERVAL") or 60_000) / 1000
    except ValueError:
        return 60.0


_INTERVAL_S = _interval_s()


class GenAIMetricsSender:
    """Sends the metrics that are computed from the calls of a run.

    A receiver that wants cumulative metrics gets the sums over all journals each time; one that wants deltas gets the
    calls since the last export that was sent.

    Parameters
    ----------
    transport
        Sends an export.
    run_dir
        The run's folder.
    progress
        The progress of the metrics; kept current.
    save
        Called whenever the progress has changed.

    Attributes
    ----------
    stopped
        Whether no further attempt is made, because the receiver will never accept anything.
    """

    def __init__(self, transport: Transport, run_dir: Path, progress: SignalProgress, save: Callable[[], None]) -> None:
        self._transport = transport
        self._run_dir = run_dir
        self._progress = progress
        self._save = save
        temporalities: dict[type, AggregationTemporality] = transport.exporter._preferred_temporality or {}
        self._delta = temporalities.get(Histogram) is AggregationTemporality.DELTA
        self._counter = self._new_counter()
        self._due = time.monotonic() + _INTERVAL_S
        self._unsent = False
        self._flushing = False
        self.stopped = False

    def _new_counter(self) -> CallCounter:
        return CallCounter(self._run_dir, self._progress.calls, self._transport.exporter, delta=self._delta)

    def send(self) -> bool:
        """Count the calls that have been written, and send the metrics if they are due.

        Returns
        -------
        bool
            False: there is never more to send at once.
        """
        self._unsent = self._counter.read(everything=self._flushing) or self._unsent
        if not self._unsent:
            self._advance()
            return False
        if self.stopped or not self._is_due():
            return False
        self._due = time.monotonic() + (_RETRY_S if self._flushing else _INTERVAL_S)
        answers = [self._send_process(process) for process in self._counter.processes]
        failures = [answer for answer in answers if answer is not None]
        self._progress.failure = failures[0].reason if failures else None
        self.stopped = any(answer.verdict == "never" for answer in failures)
        # Calls that were counted while an export was pending are in no export yet.
        self._unsent = bool(failures) or any(process.has_unsent for process in self._counter.processes)
        if self._unsent:
            self._save()
        else:
            self._advance()
        return False

    def _is_due(self) -> bool:
        # A process that has ended may be waiting until its metrics are sent.
        return time.monotonic() >= self._due or any(
            process.has_ended and process.has_unsent for process in self._counter.processes
        )

    def _send_process(self, process: ProcessCalls) -> Answer | None:
        """Send the metrics of a process if they have changed; the receiver's answer if it has to be retried."""
        if process.metrics is None or not (process.has_unsent or process.pending):
            return None
        if process.pending is None or not self._delta:
            process.pending = process.metrics.collect()
            process.has_unsent = False
            if self._delta:
                process.metrics.start_next_delta()
        if process.pending is None:
            return None
        answer = self._transport.send(process.pending)
        if answer.verdict == "refused":
            self._progress.refused += 1
            self._progress.refusal = answer.reason
        elif answer.verdict != "sent":
            return answer
        elif answer.rejected:
            self._progress.refused += 1
            self._progress.refusal = answer.reason or None
        else:
            self._progress.sent += 1
        process.pending = None
        return None

    def _advance(self) -> None:
        # A later counter that starts at these positions would never count the calls that are still held.
        positions = self._counter.positions
        calls = self._progress.calls
        if not self._counter.holds_calls and any(calls.get(name) != at for name, at in positions.items()):
            calls.update(positions)
            self._save()

    def flush(self) -> None:
        """From now on, send without waiting for the interval."""
        if not self._flushing:
            self._flushing = True
            self._due = 0.0

    def is_done(self) -> bool:
        """Whether all calls that have been written are counted, and their metrics sent."""
        return not self._unsent and not self._counter.holds_calls and self._counter.is_at_end()

    def waiting(self) -> int:
        """Number of exports that are still to be sent: one for each process with unsent calls."""
        # Another thread may be waiting for the receiver, and uses the counter then.
        counter = self._new_counter()
        counter.read(everything=True)
        return sum(process.has_unsent for process in counter.processes)
