"""Writes the metrics of the Metrics API to the journal: all points, at an interval and at the end."""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import (
    Counter,
    Histogram,
    ObservableCounter,
)
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    ExponentialHistogramDataPoint,
    Gauge,
    HistogramDataPoint,
    MetricReader,
    MetricsData,
    NumberDataPoint,
    Sum,
)
from opentelemetry.sdk.metrics.export import ExponentialHistogram as ExponentialHistogramData
from opentelemetry.sdk.metrics.export import Histogram as HistogramData
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.metrics.export import Metric
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

    from tachograph.recorder.process_recorder import ProcessRecorder

_DEFAULT_INTERVAL_S = 60.0
_SHORTEST_INTERVAL_S = 0.05
_LONGEST_FINISH_S = 2.0
"""The longest time that the end of a process waits for the program's callbacks."""
_LONGEST_PAUSE_S = 0.1
"""The longest time that a fork waits for them."""
_DELTA = AggregationTemporality.DELTA
_KINDS: dict[type, str] = {
    Sum: "sum",
    Gauge: "gauge",
    HistogramData: "histogram",
    ExponentialHistogramData: "exponential_histogram",
}


class JournalMetricReader(MetricReader):
    """Writes a record for each metric, with all of its points, whenever it collects.

    Temporality and kind of histogram are those that the standard variables ask for, because the points are sent as they
    are written.

    Parameters
    ----------
    recorder
        The recorder of the process.
    environ
        The environment, with `OTEL_METRIC_EXPORT_INTERVAL` and the `OTEL_EXPORTER_OTLP_METRICS_*` variables.
    own_provider
        Whether it reads a MeterProvider that the program has set, whose exporters get the points.
    """

    def __init__(self, recorder: ProcessRecorder, environ: Mapping[str, str], *, own_provider: bool = False) -> None:
        super().__init__(_temporality(environ), _aggregation(environ))
        self._recorder = recorder
        self._own_provider = own_provider
        self._interval_s = _interval_s(environ)
        self._due_s = time.monotonic() + self._interval_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._ended = False

    def start(self) -> None:
        """Collect at an interval from here on, in a daemon thread."""
        if self._thread is None and not self._ended and math.isfinite(self._interval_s):
            self._stop = threading.Event()
            thread = threading.Thread(target=self._run, args=(self._stop,), name="tachograph", daemon=True)
            # At the very end of a program no thread can be started; the last points are collected without one.
            with suppress(RuntimeError):
                thread.start()
                self._thread = thread

    def pause(self) -> None:
        """Before a fork, stop the thread, so that it is not in the middle of collecting."""
        self._halt(_LONGEST_PAUSE_S)

    def after_fork(self) -> None:
        """In a forked child, start collecting."""
        self._due_s = time.monotonic() + self._interval_s
        self._thread = None
        self._ended = False
        self.start()

    def abandon(self) -> None:
        """In a forked child that records no metrics, collect nothing more."""
        self._thread = None
        self._ended = True

    def finish(self) -> None:
        """Collect for the last time.

        The thread does it if there is one: then a callback of the program that hangs delays the end by 2 s at most.
        """
        if self._ended:
            return
        self._ended = True
        if self._thread is None:
            self._gather()
        else:
            self._halt(_LONGEST_FINISH_S)

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:  # noqa: ARG002 - the SDK's signature
        """See `opentelemetry.sdk.metrics.export.MetricReader`."""
        self.finish()

    def _halt(self, longest_s: float) -> None:
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            self._stop.set()
            thread.join(longest_s)

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(max(self._due_s - time.monotonic(), 0)):
            self._due_s = time.monotonic() + self._interval_s
            self._gather()
        if self._ended:
            self._gather()

    def _gather(self) -> None:
        try:
            self.collect()
        except Exception:
            self._recorder.faults += 1

    def _receive_metrics(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any) -> None:  # noqa: ARG002 - the SDK's signature
        for resource in metrics_data.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    try:
                        self._write(metric, scope.scope)
                    except Exception:
                        self._recorder.faults += 1

    def _name(self, name: str) -> str:
        """A name without secrets. The SDK lower-cases names, which hides a secret in capitals from the redaction."""
        seal = self._recorder.sealer.text
        upper_name = name.upper()
        sealed_upper = seal(upper_name, {})
        return name if sealed_upper == upper_name or seal(name, {}) != name else sealed_upper

    def _write(self, metric: Metric, scope: InstrumentationScope) -> None:
        recorder = self._recorder
        data = metric.data
        kind = _KINDS[type(data)]
        if not data.data_points:
            return
        if scope.name not in recorder.scopes:
            recorder.scope(scope)
        temporality = None
        if not isinstance(data, Gauge):
            temporality = "delta" if data.aggregation_temporality is _DELTA else "cumulative"
        members = {
            "name": self._name(metric.name),
            "unit": metric.unit or "",
            "description": metric.description or "",
            "scope": scope.name,
            "point_attributes": [dict(point.attributes or {}) for point in data.data_points],
        }
        line = recorder.builder.metric(
            members,
            [_numbers(point) for point in data.data_points],
            kind=kind,
            temporality=temporality,
            monotonic=data.is_monotonic if isinstance(data, Sum) else None,
            own_provider=self._own_provider,
        )
        recorder.write(line)


def _numbers(point: NumberDataPoint | HistogramDataPoint | ExponentialHistogramDataPoint) -> dict[str, Any]:
    numbers: dict[str, Any] = {"start_ns": point.start_time_unix_nano, "time_ns": point.time_unix_nano}
    if isinstance(point, NumberDataPoint):
        return {**numbers, "value": _finite(point.value)}
    numbers |= {"count": point.count, "sum": _finite(point.sum), "min": _finite(point.min), "max": _finite(point.max)}
    if isinstance(point, HistogramDataPoint):
        bounds = [_finite(bound) for bound in point.explicit_bounds]
        return {**numbers, "bounds": bounds, "buckets": list(point.bucket_counts)}
    return {
        **numbers,
        "scale": point.scale,
        "zero_count": point.zero_count,
        "positive": {"offset": point.positive.offset, "buckets": list(point.positive.bucket_counts)},
        "negative": {"offset": point.negative.offset, "buckets": list(point.negative.bucket_counts)},
    }


def _finite(value: float) -> float | str:
    """A number, or its text in the JSON of protobuf if JSON cannot express it (NaN, infinity)."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _interval_s(environ: Mapping[str, str]) -> float:
    # https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader
    try:
        interval_s = float(environ.get("OTEL_METRIC_EXPORT_INTERVAL") or 0) / 1000
    except ValueError:
        interval_s = 0
    return max(interval_s, _SHORTEST_INTERVAL_S) if interval_s > 0 else _DEFAULT_INTERVAL_S


def _temporality(environ: Mapping[str, str]) -> dict[type, AggregationTemporality]:
    # https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration
    match environ.get("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "").strip().upper():
        case "DELTA":
            return {Counter: _DELTA, Histogram: _DELTA, ObservableCounter: _DELTA}
        case "LOWMEMORY":
            return {Counter: _DELTA, Histogram: _DELTA}
        case _:
            return {}


def _aggregation(environ: Mapping[str, str]) -> dict[type, Any]:
    histogram = environ.get("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "").strip().lower()
    if histogram == "base2_exponential_bucket_histogram":
        return {Histogram: ExponentialBucketHistogramAggregation()}
    return {}
