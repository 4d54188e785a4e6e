"""The metrics of calls on their way: counted from the journals of a run, and sent when they are due."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.export import AggregationTemporality

from tachograph.journal.lines import parse, type_of
from tachograph_otlp.batches import Feed
from tachograph_otlp.conversion import Origin
from tachograph_otlp.genai_metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opentelemetry.sdk.metrics.export import MetricsData

    from tachograph.sending.progress import SignalProgress
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
        self._processes: list[_Calls] = []
        self._feed: Feed[bool] = Feed(run_dir, state.calls, self._reader)
        self._read: dict[str, int] = {}
        self._due = time.monotonic() + _INTERVAL_S
        self._unsent = False
        self._flushing = False
        self.stopped = False
        """Whether nothing more is tried: the receiver will never take anything."""

    def _reader(self) -> _Calls:
        made = _Calls(self._sender.exporter, differences=self._differences)
        self._processes.append(made)
        return made

    def push(self) -> bool:
        """Count what has been written, and send it when that is due; there is never more at once."""
        for batch in self._feed.batches():
            self._unsent = self._unsent or bool(batch.items)
            self._read.update(batch.files)
        if not self._unsent:
            self._done()
            return False
        if self.stopped or not self._is_due():
            return False
        self._due = time.monotonic() + (_RETRY_S if self._flushing else _INTERVAL_S)
        failed = [answer for process in self._processes for answer in self._send(process)]
        self._state.failure = failed[0].reason if failed else None
        self.stopped = any(answer.verdict == "never" for answer in failed)
        # What was counted while an export was on its way is in none.
        self._unsent = bool(failed) or any(process.fresh for process in self._processes)
        if self._unsent:
            self._save()
        else:
            self._done()
        return False

    def _is_due(self) -> bool:
        # A process that has ended may be waiting for it.
        return time.monotonic() >= self._due or any(process.waits for process in self._processes)

    def _send(self, process: _Calls) -> list[Answer]:
        """Send what a process has counted, if there is anything new; what came of it where that was a failure."""
        process.waits = False
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
        if any(self._state.calls.get(name) != end for name, end in self._read.items()):
            self._state.calls.update(self._read)
            self._save()

    def flush(self) -> None:
        """Send what there is without waiting for the interval."""
        if not self._flushing:
            self._flushing = True
            self._due = 0.0

    def is_done(self) -> bool:
        """Whether all that has been counted is sent."""
        return not self._unsent and self._feed.is_at_end()

    def waiting(self) -> int:
        """Exports that are left to be sent: one a process with calls that are in none."""
        made: list[_Calls] = []

        def reader() -> _Calls:
            made.append(_Calls(self._sender.exporter, differences=self._differences))
            return made[-1]

        # Another thread may be waiting for the receiver, with the feed in its hands.
        feed: Feed[bool] = Feed(self._run_dir, self._state.calls, reader)
        for _ in feed.batches():
            pass
        return sum(calls.fresh for calls in made)


class _Calls:
    """Counts the calls of one journal.

    Attributes
    ----------
    fresh
        Whether something was counted that is in no export the receiver took.
    waits
        Whether its process has ended since.
    held
        An export that is on its way.
    """

    def __init__(self, exporter: Any, *, differences: bool) -> None:
        self._exporter = exporter
        self._differences = differences
        self._origin = Origin()
        self._start_ns = 0
        self.metrics: Metrics | None = None
        self.fresh = False
        self.waits = False
        self.held: MetricsData | None = None

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> bool | None:
        """See :class:`tachograph_otlp.batches.Reader`."""
        del path, at
        kind = type_of(line)
        if kind == "process" and (record := parse(line)) is not None:
            self._origin.process(record)
            self._start_ns = self._start_ns or record.get("start_ns", 0)
            if record.get("state") == "end":
                self.waits = self.fresh
        elif kind == "span.end" and not self._origin.sent_by_program:
            record = parse(line)
            if record is not None:
                return self._count(record, again=again)
        return None

    def _count(self, record: dict[str, Any], *, again: bool) -> bool | None:
        if self.metrics is None:
            self.metrics = Metrics(self._origin.resource, self._exporter, self._start_ns)
        if not self.metrics.add(record, counts=not (again and self._differences)) or again:
            return None
        self.fresh = True
        return True
