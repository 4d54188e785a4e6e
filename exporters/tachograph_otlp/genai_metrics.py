"""The metrics of the GenAI conventions, computed from the calls of a run.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md

They have the times of the run, not of when they are sent: a series starts where its process did, and a point is of the
end of the last call that is in it. Sent again, it is the same point.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricsData

from tachograph._version import __version__
from tachograph.semconv import genai, general

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram
    from opentelemetry.sdk.resources import Resource

    from tachograph.report.folding.call import CallFacts

COUNTED_METRICS = frozenset(
    {genai.METRIC_TOKEN_USAGE, genai.METRIC_OPERATION_DURATION, genai.METRIC_TIME_TO_FIRST_CHUNK}
)
"""The metrics that are computed here."""

_TOKENS = [1.0, *(4.0**power for power in range(1, 14))]
_SECONDS = [0.01 * 2**power for power in range(14)]
_SECOND = 1e9


class GenAIMetrics:
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

        self._tokens = histogram(genai.METRIC_TOKEN_USAGE, "{token}", "Tokens of a call.", _TOKENS)
        self._duration = histogram(genai.METRIC_OPERATION_DURATION, "s", "Duration of a call.", _SECONDS)
        self._first_chunk = histogram(
            genai.METRIC_TIME_TO_FIRST_CHUNK, "s", "Time until the first chunk of a stream.", _SECONDS
        )

    def add(self, call: CallFacts, *, counts: bool = True) -> None:
        """Count a call.

        Parameters
        ----------
        call
            The call.
        counts
            False if it was counted before and is only known from here on.
        """
        self.last_ns = max(self.last_ns, call.end_ns)
        if not counts:
            self.start_ns = self.last_ns
            return
        named = {
            genai.OPERATION_NAME: call.operation,
            genai.PROVIDER_NAME: call.provider,
            genai.REQUEST_MODEL: call.request_model,
            genai.RESPONSE_MODEL: call.response_model,
            general.SERVER_ADDRESS: call.host,
            general.SERVER_PORT: call.port,
        }
        attributes: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        if call.provenance != "estimated":
            for kind, count in (("input", call.usage.all_input), ("output", call.usage.output)):
                if count is not None:
                    self._tokens.record(count, {**attributes, genai.TOKEN_TYPE: kind})
        if call.error_type is not None:
            attributes[general.ERROR_TYPE] = call.error_type
        self._duration.record(call.duration_ns / _SECOND, attributes)
        if call.first_chunk_ns is not None:
            self._first_chunk.record(call.first_chunk_ns / _SECOND, attributes)

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
