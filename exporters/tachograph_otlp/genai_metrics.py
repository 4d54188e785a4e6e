"""The metrics of the GenAI conventions, computed from the calls of a run.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md

They have the times of the run, not of when they are sent: a series starts when its process did, and a point has the
time at which the last call in it ended. A point that is sent twice is the same point.
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
    """The metrics of the calls of one process.

    Parameters
    ----------
    resource
        The resource of the process.
    exporter
        An OTLP exporter of metrics; it has the temporality that is wanted.
    start_ns
        The start of the series, in ns since the epoch.

    Attributes
    ----------
    start_ns
        The start of the series or, for deltas, of the next point; in ns since the epoch.
    last_ns
        The end of the last call that was counted, in ns since the epoch.
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

    def add(self, call: CallFacts, *, count: bool = True) -> None:
        """Add a call.

        Parameters
        ----------
        call
            The call.
        count
            False if an earlier export has counted it: then only the start of the next point moves to its end.
        """
        self.last_ns = max(self.last_ns, call.end_ns)
        if not count:
            self.start_ns = self.last_ns
            return
        values = {
            genai.OPERATION_NAME: call.operation,
            genai.PROVIDER_NAME: call.provider,
            genai.REQUEST_MODEL: call.request_model,
            genai.RESPONSE_MODEL: call.response_model,
            general.SERVER_ADDRESS: call.host,
            general.SERVER_PORT: call.port,
        }
        attributes: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        if call.provenance != "estimated":
            for token_type, tokens in (("input", call.usage.all_input), ("output", call.usage.output)):
                if tokens is not None:
                    self._tokens.record(tokens, {**attributes, genai.TOKEN_TYPE: token_type})
        if call.error_type is not None:
            attributes[general.ERROR_TYPE] = call.error_type
        self._duration.record(call.duration_ns / _SECOND, attributes)
        if call.first_chunk_ns is not None:
            self._first_chunk.record(call.first_chunk_ns / _SECOND, attributes)

    def collect(self) -> MetricsData | None:
        """The metrics with the times of the calls; None if no call was counted."""
        data = self._reader.get_metrics_data()
        return None if data is None else _with_times(data, self.start_ns, self.last_ns)

    def start_next_delta(self) -> None:
        """Start the next point where the collected one ends; for receivers that want deltas."""
        self.start_ns = self.last_ns


def _with_times(data: MetricsData, start_ns: int, time_ns: int) -> MetricsData:
    """A copy with these times; those of the SDK are the times at which the calls were counted here."""

    def with_times(metric: Any) -> Any:
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
                    replace(part, metrics=[with_times(metric) for metric in part.metrics])
                    for part in group.scope_metrics
                ],
            )
            for group in data.resource_metrics
        ],
    )
