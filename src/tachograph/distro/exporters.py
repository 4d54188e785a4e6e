"""Exporters that the environment names besides OTLP, behind the seal."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

_logger = logging.getLogger("tachograph")

_NOT_HERE = frozenset({"", "otlp", "none"})


def add_exporters(provider: TracerProvider, names: str) -> None:
    """Add a batch processor for each; a name that cannot be used costs one warning.

    Parameters
    ----------
    provider
        Ours, which hands redacted copies to what is added to it.
    names
        The value of `OTEL_TRACES_EXPORTER`: names with commas between them, such as ``otlp,console``. Nothing is done
        about ``otlp``, which is sent from the journal, and ``none``.
    """
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    _put_in("traces", names, lambda exporter: provider.add_span_processor(BatchSpanProcessor(exporter)))


def add_log_exporters(provider: LoggerProvider, names: str) -> None:
    """The same for `OTEL_LOGS_EXPORTER`."""
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

    _put_in("logs", names, lambda exporter: provider.add_log_record_processor(BatchLogRecordProcessor(exporter)))


def add_metric_exporters(provider: MeterProvider, names: str) -> None:
    """The same for `OTEL_METRICS_EXPORTER`, which may also name readers, as those of Prometheus are."""
    from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader

    def put_in(exporter: Any) -> None:
        reader = exporter if isinstance(exporter, MetricReader) else PeriodicExportingMetricReader(exporter)
        provider.add_metric_reader(reader)

    _put_in("metrics", names, put_in)


def _put_in(signal: str, names: str, put_in: Callable[[Any], None]) -> None:
    variable = f"OTEL_{signal.upper()}_EXPORTER"
    for name in (part.strip() for part in names.split(",")):
        if name.lower() in _NOT_HERE:
            continue
        entry_point = next(iter(entry_points(group=f"opentelemetry_{signal}_exporter", name=name)), None)
        if entry_point is None:
            _logger.warning(
                "tachograph: %s: no exporter named %s is installed. Install its package, or change the variable.",
                variable,
                name,
            )
            continue
        try:
            put_in(entry_point.load()())
        except Exception as error:
            _logger.warning("tachograph: %s: the exporter %s cannot be used: %s", variable, name, error)
