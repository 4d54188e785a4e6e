"""Redacted copies of telemetry for exporters and processors in the program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import orjson
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

if TYPE_CHECKING:
    from opentelemetry._logs import LogRecord
    from opentelemetry.sdk._logs import LogRecordLimits, ReadWriteLogRecord
    from opentelemetry.sdk.metrics.export import Metric, MetricsData
    from opentelemetry.sdk.resources import Resource

    from tachograph.redaction import Sealer

_MOST_SCOPES = 1000


class SealedCopies:
    """Builds redacted copies of telemetry for exporters and processors other than the journal.

    Raises what the sealer raises; the caller then hands nothing on.

    Parameters
    ----------
    sealer
        Redacts the values.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._resource: tuple[Resource, Resource] | None = None
        self._scopes: dict[int, tuple[InstrumentationScope, InstrumentationScope]] = {}

    def value(self, value: dict[str, Any]) -> dict[str, Any]:
        """A copy of plain data."""
        return cast("dict[str, Any]", orjson.loads(self._sealer.json(value, {})))

    def is_clean(self, text: str) -> bool:
        """Whether there is nothing to redact in a text."""
        return self._sealer.text(text, {}) == text

    def resource(self, resource: Resource) -> Resource:
        """A copy of a resource; the last one is kept."""
        last = self._resource
        if last is None or last[0] is not resource:
            last = (resource, type(resource)(self.value(dict(resource.attributes)), resource.schema_url))
            self._resource = last
        return last[1]

    def scope(self, scope: InstrumentationScope | None) -> InstrumentationScope | None:
        """A copy of a scope; those that were made are kept."""
        if scope is None:
            return None
        pair = self._scopes.get(id(scope))
        if pair is None or pair[0] is not scope:
            sealed = self.value(
                {
                    "name": scope.name,
                    "version": scope.version,
                    "schema_url": scope.schema_url,
                    "attributes": dict(scope.attributes or {}),
                }
            )
            copy = InstrumentationScope(
                sealed["name"], sealed["version"], sealed["schema_url"], sealed["attributes"] or None
            )
            if len(self._scopes) >= _MOST_SCOPES:
                self._scopes.clear()
            pair = self._scopes[id(scope)] = (scope, copy)
        return pair[1]

    def log(
        self, record: LogRecord, resource: Resource, scope: InstrumentationScope, limits: LogRecordLimits
    ) -> ReadWriteLogRecord:
        """A copy of a log record. It has the ids of its span and not the span, nor the exception itself."""
        from opentelemetry._logs import LogRecord
        from opentelemetry.sdk._logs import ReadWriteLogRecord

        sealed = self.value(
            {
                "body": record.body,
                "attributes": dict(record.attributes or {}),
                "event_name": record.event_name,
                "severity_text": record.severity_text,
            }
        )
        context = SpanContext(
            record.trace_id or 0, record.span_id or 0, is_remote=False, trace_flags=TraceFlags(record.trace_flags or 0)
        )
        copy = LogRecord(
            timestamp=record.timestamp,
            observed_timestamp=record.observed_timestamp,
            context=set_span_in_context(NonRecordingSpan(context)),
            severity_number=record.severity_number,
            severity_text=sealed["severity_text"],
            body=sealed["body"],
            attributes=sealed["attributes"],
            event_name=sealed["event_name"],
        )
        scoped = self.scope(scope)
        return ReadWriteLogRecord(copy, self.resource(resource), scoped, limits)

    def metrics(self, data: MetricsData) -> MetricsData:
        """A copy of what was measured, without its exemplars."""
        return replace(
            data,
            resource_metrics=[
                replace(
                    group,
                    resource=self.resource(group.resource),
                    scope_metrics=[
                        replace(
                            part,
                            scope=self.scope(part.scope),
                            metrics=[self._metric(metric) for metric in part.metrics],
                        )
                        for part in group.scope_metrics
                    ],
                )
                for group in data.resource_metrics
            ],
        )

    def _metric(self, metric: Metric) -> Metric:
        points: Any = metric.data.data_points
        sealed = self.value(
            {
                "name": metric.name,
                "unit": metric.unit,
                "description": metric.description,
                "attributes": [dict(point.attributes or {}) for point in points],
            }
        )
        points_copy = [
            replace(point, attributes=attributes, exemplars=[])
            for point, attributes in zip(points, sealed["attributes"], strict=True)
        ]
        data = replace(cast("Any", metric.data), data_points=points_copy)
        return replace(metric, name=sealed["name"], unit=sealed["unit"], description=sealed["description"], data=data)
