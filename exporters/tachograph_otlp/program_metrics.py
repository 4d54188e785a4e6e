"""What a program measured through the Metrics API, as it stands in the journal."""

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
from tachograph_otlp.conversion import Origin, table
from tachograph_otlp.genai_metrics import COUNTED_METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

_is_marked = finder(Calls.keys)
_TEMPORALITY = {"cumulative": AggregationTemporality.CUMULATIVE, "delta": AggregationTemporality.DELTA}


class Measured(NamedTuple):
    """One metric with its points, and where it comes from."""

    resource: Resource
    scope: InstrumentationScope
    metric: Metric


class Points:
    """The metrics of one journal.

    Parameters
    ----------
    own_provider
        Whether those are sent that the program's own exporters get.
    """

    def __init__(self, *, own_provider: bool) -> None:
        self._own_provider = own_provider
        self._origin = Origin()
        self._counted: set[tuple[object, object]] = set()

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> Measured | None:
        """See :class:`tachograph_otlp.batches.Reader`."""
        del path, at
        kind = type_of(line)
        if kind == "metric":
            record = None if again else parse(line)
            return None if record is None else self._measured(record)
        if kind == "span.end":
            if _is_marked(line) and (record := parse(line)) is not None:
                self._call(record)
        elif kind in {"process", "scope"}:
            self._origin.read(line)
        return None

    def _call(self, record: dict[str, Any]) -> None:
        """Note the calls whose metrics are computed from their spans."""
        if not self._origin.sent_by_program:
            attributes = table(record, "attributes")
            operation = aliases.model_operation(attributes)
            if operation is not None:
                self._counted.add((operation, aliases.read(attributes, genai.REQUEST_MODEL)))
                self._counted.add((operation, None))

    def _measured(self, record: dict[str, Any]) -> Measured | None:
        if record.get("own_provider") and not self._own_provider:
            return None
        told = rows(record, "point_attributes")
        pairs = [
            (point, attributes)
            for point, attributes in zip(record["points"], told, strict=True)
            if record["name"] not in COUNTED_METRICS or not self._is_counted(attributes)
        ]
        if not pairs:
            return None
        metric = Metric(record["name"], record["description"], record["unit"], _data(record, pairs))
        return Measured(self._origin.resource, self._origin.scope_named(record["scope"]), metric)

    def _is_counted(self, attributes: dict[str, Any]) -> bool:
        call = (
            aliases.read(attributes, genai.OPERATION_NAME),
            aliases.read(attributes, genai.REQUEST_MODEL),
        )
        return call in self._counted


def packed(measured: Sequence[Measured]) -> MetricsData:
    """What an exporter takes.

    Parameters
    ----------
    measured
        Metrics in the order they were written; several of one name are several points of it.
    """
    # By value: of two that are alike the encoder would keep one.
    groups: dict[Resource, dict[InstrumentationScope, list[Metric]]] = {}
    for resource, scope, metric in measured:
        groups.setdefault(resource, {}).setdefault(scope, []).append(metric)
    return MetricsData(
        [
            ResourceMetrics(
                resource,
                [ScopeMetrics(scope, metrics, scope.schema_url or "") for scope, metrics in scopes.items()],
                resource.schema_url,
            )
            for resource, scopes in groups.items()
        ]
    )


def _data(record: dict[str, Any], pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Any:
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


def _value(written: Any) -> Any:
    """A number; those that JSON does not have stand as texts."""
    return float(written) if isinstance(written, str) else written
