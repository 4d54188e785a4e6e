"""The metrics of the GenAI conventions, computed from the spans of calls.

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
from tachograph.semconv import aliases, genai, general, tacho
from tachograph_otlp.conversion import table

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram
    from opentelemetry.sdk.resources import Resource

COUNTED_METRICS = frozenset(
    {genai.METRIC_TOKEN_USAGE, genai.METRIC_OPERATION_DURATION, genai.METRIC_TIME_TO_FIRST_CHUNK}
)
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
        self._answers: dict[str, object] = {}
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
        if isinstance(answer, str) and answer:
            # Two layers that record one call share the id of its answer; an id alone is no proof, for some servers give
            # every answer the same.
            scope = record.get("scope")
            if self._answers.setdefault(answer, scope) != scope:
                return False
            if len(self._answers) > _REMEMBERED:
                self._answers.pop(next(iter(self._answers)))
        self.last_ns = max(self.last_ns, record["start_ns"] + record["duration_ns"])
        if not counts:
            self.start_ns = self.last_ns
            return False
        named: dict[str, Any] = {
            name: value for name in _NAMED if isinstance(value := aliases.read(attributes, name), str | int)
        }
        estimated = attributes.get(tacho.TOKENS_PROVENANCE) == tacho.PROVENANCE_ESTIMATED
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
