"""The metrics of the GenAI conventions, computed from the spans of calls.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md

They have the times of the run, not of when they are sent: a series starts where its process did, and a point is of the
end of the last call that is in it. Sent again, it is the same point.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import Histogram as HistogramKind
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader, MetricsData

from tachograph._version import __version__
from tachograph.semconv import aliases, genai, general
from tachograph.semconv import tachograph as t
from tachograph_otlp.feed import Feed, record_of
from tachograph_otlp.telemetry import Origin, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opentelemetry.metrics import Histogram
    from opentelemetry.sdk.resources import Resource

    from tachograph.journal.shipped import Signal
    from tachograph_otlp.sender import Answer, Sender

_TOKEN_USAGE = "gen_ai.client.token.usage"  # noqa: S105 - of models
_DURATION = "gen_ai.client.operation.duration"
_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk"
COUNTED_METRICS = frozenset({_TOKEN_USAGE, _DURATION, _FIRST_CHUNK})
"""The metrics that are computed here."""

_TOKENS = [1.0, *(4.0**power for power in range(1, 14))]
_SECONDS = [0.01 * 2**power for power in range(14)]
_NAMED = (
    genai.OPERATION_NAME,
    genai.PROVIDER_NAME,
    genai.REQUEST_MODEL,
    genai.RESPONSE_MODEL,
    general.SERVER_ADDRESS,
    general.SERVER_PORT,
)
_CLASSES = {"input": genai.USAGE_INPUT_TOKENS, "output": genai.USAGE_OUTPUT_TOKENS}
_SECOND = 1e9
_REMEMBERED = 10_000
_RETRY_S = 1.0


def _interval_s() -> float:
    # https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader
    try:
        return float(os.environ.get("OTEL_METRIC_EXPORT_INTERVAL") or 60_000) / 1000
    except ValueError:
        return 60.0


_INTERVAL_S = _interval_s()


class Metrics:
    """The metrics of one process.

    Parameters
    ----------
    resource
        Of the process.
    exporter
        An OTLP exporter of metrics; it says which temporality is wanted.
    start_ns
        From when on it counts.
    """

    def __init__(self, resource: Resource, exporter: Any, start_ns: int) -> None:
        self._answers: dict[str, None] = {}
        self._reader = InMemoryMetricReader(
            preferred_temporality=exporter._preferred_temporality,
            preferred_aggregation=exporter._preferred_aggregation,
        )
        self._provider = MeterProvider([self._reader], resource, shutdown_on_exit=False)
        self.start_ns = start_ns
        self.last_ns = start_ns
        meter = self._provider.get_meter("tachograph", __version__)

        def histogram(name: str, unit: str, brief: str, bounds: list[float]) -> Histogram:
            return meter.create_histogram(name, unit, brief, explicit_bucket_boundaries_advisory=bounds)

        self._tokens = histogram(_TOKEN_USAGE, "{token}", "Tokens of a call.", _TOKENS)
        self._duration = histogram(_DURATION, "s", "Duration of a call.", _SECONDS)
        self._first_chunk = histogram(_FIRST_CHUNK, "s", "Time until the first chunk of a stream.", _SECONDS)

    def add(self, record: dict[str, Any], *, counts: bool = True) -> bool:
        """Count a span, where it is a call of a model; whether it was.

        Parameters
        ----------
        record
            A `span.end`.
        counts
            False where it was counted before and is only known from here on.
        """
        attributes = table(record, "attributes")
        if aliases.read(attributes, genai.OPERATION_NAME) not in genai.MODEL_OPERATIONS:
            return False
        answer = aliases.read(attributes, genai.RESPONSE_ID)
        if isinstance(answer, str):
            # Two layers that record one call share the id of its answer.
            if answer in self._answers:
                return False
            if len(self._answers) >= _REMEMBERED:
                self._answers.pop(next(iter(self._answers)))
            self._answers[answer] = None
        self.last_ns = max(self.last_ns, record["start_ns"] + record["duration_ns"])
        if not counts:
            self.start_ns = self.last_ns
            return False
        named: dict[str, Any] = {
            name: value for name in _NAMED if isinstance(value := aliases.read(attributes, name), str | int)
        }
        estimated = attributes.get(t.TOKENS_PROVENANCE) == t.PROVENANCE_ESTIMATED
        for kind, name in _CLASSES.items():
            count = aliases.read(attributes, name)
            if isinstance(count, int) and not estimated:
                self._tokens.record(count, {**named, genai.TOKEN_TYPE: kind})
        if isinstance(failed := attributes.get(general.ERROR_TYPE), str):
            named[general.ERROR_TYPE] = failed
        self._duration.record(record["duration_ns"] / _SECOND, named)
        waited = aliases.read(attributes, genai.RESPONSE_TIME_TO_FIRST_CHUNK)
        if isinstance(waited, int | float):
            self._first_chunk.record(waited, named)
        return True

    def collect(self) -> MetricsData | None:
        """What has been counted, with the times of the calls; None where there is nothing."""
        data = self._reader.get_metrics_data()
        return None if data is None else _at(data, self.start_ns, self.last_ns)

    def begin_anew(self) -> None:
        """What was collected is sent: where only what is new is wanted, the next begins there."""
        self.start_ns = self.last_ns


def _at(data: MetricsData, start_ns: int, time_ns: int) -> MetricsData:
    """The same with other times: those of the SDK are of when it was counted here."""

    def moved(metric: Any) -> Any:
        points = [
            replace(point, start_time_unix_nano=start_ns, time_unix_nano=time_ns) for point in metric.data.data_points
        ]
        return replace(metric, data=replace(metric.data, data_points=points))

    return replace(
        data,
        resource_metrics=[
            replace(
                group,
                scope_metrics=[
                    replace(part, metrics=[moved(metric) for metric in part.metrics]) for part in group.scope_metrics
                ],
            )
            for group in data.resource_metrics
        ],
    )


class CallsStream:
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

    def __init__(self, sender: Sender, run_dir: Path, state: Signal, save: Callable[[], None]) -> None:
        self._sender = sender
        self._run_dir = run_dir
        self._state = state
        self._save = save
        wanted: dict[type, Any] = sender.exporter._preferred_temporality or {}
        self._differences = wanted.get(HistogramKind) is AggregationTemporality.DELTA
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
        self._unsent = bool(failed)
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
        if process.metrics is None or not process.fresh:
            return []
        if process.held is None or not self._differences:
            process.held = process.metrics.collect()
        if process.held is None:
            return []
        answer = self._sender.send(process.held)
        if answer.verdict == "refused":
            self._state.refused += 1
            self._state.refusal = answer.reason
        elif answer.verdict != "sent":
            return [answer]
        else:
            self._state.sent += 1
        process.held = None
        process.fresh = False
        if self._differences:
            process.metrics.begin_anew()
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
        """See :class:`tachograph_otlp.feed.Reader`."""
        del path, at
        if line.startswith(b'{"type":"process"') and (record := record_of(line)) is not None:
            self._origin.process(record)
            self._start_ns = self._start_ns or record.get("start_ns", 0)
            if record.get("state") == "end":
                self.waits = self.fresh
        elif line.startswith(b'{"type":"span.end"') and not self._origin.sent_by_program:
            record = record_of(line)
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
