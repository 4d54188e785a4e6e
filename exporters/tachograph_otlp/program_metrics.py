"""Reads the metrics to send that a program recorded through the Metrics API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Buckets,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)

from tachograph.journal.coerce import rows
from tachograph.journal.lines import finder, parse, type_of
from tachograph.report.folding.sections.calls import Calls
from tachograph.semconv import aliases, genai
from tachograph_otlp.conversion import RecordConverter, table
from tachograph_otlp.genai_metrics import COUNTED_METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

_is_marked = finder(Calls.keys)
_TEMPORALITY = {"cumulative": AggregationTemporality.CUMULATIVE, "delta": AggregationTemporality.DELTA}


class ScopedMetric(NamedTuple):
    """A metric with its points, and the resource and scope it belongs to."""

    resource: Resource
    scope: InstrumentationScope
    metric: Metric


class ProgramMetricReader:
    """Reads the metrics of one journal.

    Parameters
    ----------
    own_provider
        Whether metrics that the program's own exporters get are sent too.
    """

    def __init__(self, *, own_provider: bool) -> None:
        self._own_provider = own_provider
        self._converter = RecordConverter()
        self._counted_calls: set[tuple[object, object]] = set()

    def read(self, path: Path, at: int, line: bytes, *, already_sent: bool) -> ScopedMetric | None:
        """See :class:`tachograph_otlp.batches.ItemReader`."""
        del path, at
        kind = type_of(line)
        if kind == "metric":
            record = None if already_sent else parse(line)
            return None if record is None else self._metric(record)
        if kind == "span.end":
            if _is_marked(line) and (record := parse(line)) is not None:
                self._note_call(record)
        elif kind in {"process", "scope"}:
            self._converter.read(line)
        return None

    def _note_call(self, record: dict[str, Any]) -> None:
        """Note the operation and model of a call, whose metrics are computed from its span."""
        if not self._converter.sent_by_program:
            attributes = table(record, "attributes")
            operation = aliases.model_operation(attributes)
            if operation is not None:
                self._counted_calls.add((operation, aliases.read(attributes, genai.REQUEST_MODEL)))
                self._counted_calls.add((operation, None))

    def _metric(self, record: dict[str, Any]) -> ScopedMetric | None:
        if record.get("own_provider") and not self._own_provider:
            return None
        point_attributes = rows(record, "point_attributes")
        pairs = [
            (point, attributes)
            for point, attributes in zip(record["points"], point_attributes, strict=True)
            if record["name"] not in COUNTED_METRICS or not self._is_counted(attributes)
        ]
        if not pairs:
            return None
        metric = Metric(record["name"], record["description"], record["unit"], _data(record, pairs))
        return ScopedMetric(self._converter.resource, self._converter.scope_named(record["scope"]), metric)

    def _is_counted(self, attributes: dict[str, Any]) -> bool:
        call = (
            aliases.read(attributes, genai.OPERATION_NAME),
            aliases.read(attributes, genai.REQUEST_MODEL),
        )
        return call in self._counted_calls


def metrics_data(metrics: Sequence[ScopedMetric]) -> MetricsData:
    """Group metrics by resource and scope, as an exporter accepts them.

    Parameters
    ----------
    metrics
        Metrics in the order they were written; one name may occur several times, with other points.
    """
    # Grouped by value: of two equal resources or scopes the encoder would keep one.
    groups: dict[Resource, dict[InstrumentationScope, list[Metric]]] = {}
    for resource, scope, metric in metrics:
        groups.setdefault(resource, {}).setdefault(scope, []).append(metric)
    return MetricsData(
        [
            ResourceMetrics(
                resource,
                [ScopeMetrics(scope, listed, scope.schema_url or "") for scope, listed in scopes.items()],
                resource.schema_url,
            )
            for resource, scopes in groups.items()
        ]
    )


def _data(
    record: dict[str, Any], pairs: list[tuple[dict[str, Any], dict[str, Any]]]
) -> Gauge | Sum | Histogram | ExponentialHistogram:
    match record["kind"]:
        case "gauge":
            return Gauge([_number(*pair) for pair in pairs])
        case "sum":
            points = [_number(*pair) for pair in pairs]
            return Sum(points, _TEMPORALITY[record["temporality"]], record["monotonic"])
        case "histogram":
            return Histogram([_histogram(*pair) for pair in pairs], _TEMPORALITY[record["temporality"]])
        case "exponential_histogram":
            return ExponentialHistogram([_exponential(*pair) for pair in pairs], _TEMPORALITY[record["temporality"]])
        case kind:
            raise ValueError(kind)


def _number(point: dict[str, Any], attributes: dict[str, Any]) -> NumberDataPoint:
    return NumberDataPoint(attributes, point["start_ns"], point["time_ns"], _value(point["value"]))


def _histogram(point: dict[str, Any], attributes: dict[str, Any]) -> HistogramDataPoint:
    return HistogramDataPoint(
        attributes,
        point["start_ns"],
        point["time_ns"],
        point["count"],
        _value(point["sum"]),
        point["buckets"],
        [_value(bound) for bound in point["bounds"]],
        _value(point["min"]),
        _value(point["max"]),
    )


def _exponential(point: dict[str, Any], attributes: dict[str, Any]) -> ExponentialHistogramDataPoint:
    return ExponentialHistogramDataPoint(
        attributes,
        point["start_ns"],
        point["time_ns"],
        point["count"],
        _value(point["sum"]),
        point["scale"],
        point["zero_count"],
        Buckets(point["positive"]["offset"], point["positive"]["buckets"]),
        Buckets(point["negative"]["offset"], point["negative"]["buckets"]),
        0,
        _value(point["min"]),
        _value(point["max"]),
    )


def _value(number: Any) -> Any:
    """The value of a number; those that JSON lacks, such as NaN, are written as text."""
    return float(number) if isinstance(number, str) else number
