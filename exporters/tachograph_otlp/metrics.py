"""The metrics of the GenAI conventions, computed from the spans of calls.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricsData

from tachograph._version import __version__
from tachograph.semconv import aliases, genai, general
from tachograph.semconv import tachograph as t
from tachograph_otlp.feed import Feed, record_of
from tachograph_otlp.telemetry import Origin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opentelemetry.metrics import Histogram
    from opentelemetry.sdk.resources import Resource

    from tachograph.journal.shipped import Signal
    from tachograph_otlp.sender import Answer, Sender

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
    """

    def __init__(self, resource: Resource, exporter: Any) -> None:
        self._answers: dict[str, None] = {}
        self._reader = InMemoryMetricReader(
            preferred_temporality=exporter._preferred_temporality,
            preferred_aggregation=exporter._preferred_aggregation,
        )
        self._provider = MeterProvider([self._reader], resource, shutdown_on_exit=False)
        meter = self._provider.get_meter("tachograph", __version__)

        def histogram(name: str, unit: str, brief: str, bounds: list[float]) -> Histogram:
            return meter.create_histogram(name, unit, brief, explicit_bucket_boundaries_advisory=bounds)

        self._tokens = histogram("gen_ai.client.token.usage", "{token}", "Tokens of a call.", _TOKENS)
        self._duration = histogram("gen_ai.client.operation.duration", "s", "Duration of a call.", _SECONDS)
        self._first_chunk = histogram(
            "gen_ai.client.operation.time_to_first_chunk", "s", "Time until the first chunk of a stream.", _SECONDS
        )

    def add(self, record: dict[str, Any]) -> bool:
        """Count a span, where it is a call of a model; whether it was.

        Parameters
        ----------
        record
            A `span.end`.
        """
        attributes: dict[str, Any] = record.get("attributes") or {}
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
        """What has been counted, None where there is nothing."""
        return self._reader.get_metrics_data()


class MetricsStream:
    """The metrics of a run on their way.

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
        self._state = state
        self._save = save
        self._processes: list[_Calls] = []
        self._feed: Feed[bool] = Feed(run_dir, state.files, self._reader)
        self._due = time.monotonic() + _INTERVAL_S
        self._unsent = False
        self._flushing = False
        self.stopped = False
        """Whether nothing more is tried: the receiver will never take anything."""

    def _reader(self) -> _Calls:
        made = _Calls(self._sender.exporter)
        self._processes.append(made)
        return made

    def push(self) -> bool:
        """Count what has been written, and send it when that is due; there is never more at once."""
        for batch in self._feed.batches():
            self._unsent = self._unsent or bool(batch.items)
            self._state.files.update(batch.files)
            if not batch.items:
                self._save()
        if self.stopped or not self._unsent or time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + (_RETRY_S if self._flushing else _INTERVAL_S)
        answers: list[Answer] = []
        for process in self._processes:
            data = process.metrics.collect() if process.metrics is not None else None
            if data is not None:
                answers.append(self._sender.send(data))
        failed = [answer for answer in answers if answer.verdict != "sent"]
        self._state.failure = failed[0].reason if failed else None
        self.stopped = any(answer.verdict == "never" for answer in failed)
        self._unsent = bool(failed)
        self._state.sent += len(answers) - len(failed)
        self._save()
        return False

    def flush(self) -> None:
        """Send what there is without waiting for the interval."""
        if not self._flushing:
            self._flushing = True
            self._due = 0.0

    def is_done(self) -> bool:
        """Whether all that has been counted is sent."""
        return not self._unsent and self._feed.is_at_end()


class _Calls:
    """Counts the calls of one journal."""

    def __init__(self, exporter: Any) -> None:
        self._exporter = exporter
        self._origin = Origin()
        self.metrics: Metrics | None = None

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> bool | None:
        """See :class:`tachograph_otlp.feed.Reader`."""
        del path, at
        if line.startswith(b'{"type":"process"') and (record := record_of(line)) is not None:
            self._origin.process(record)
        elif line.startswith(b'{"type":"span.end"') and not again and not self._origin.sent_by_program:
            record = record_of(line)
            if record is not None:
                if self.metrics is None:
                    self.metrics = Metrics(self._origin.resource, self._exporter)
                return self.metrics.add(record) or None
        return None
