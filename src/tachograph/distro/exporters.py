"""Span exporters that the environment names besides OTLP, behind the seal."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace.export import BatchSpanProcessor

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_logger = logging.getLogger("tachograph")

_GROUP = "opentelemetry_traces_exporter"
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
    for name in (part.strip() for part in names.split(",")):
        if name.lower() in _NOT_HERE:
            continue
        found = next(iter(entry_points(group=_GROUP, name=name)), None)
        if found is None:
            _logger.warning("tachograph: OTEL_TRACES_EXPORTER: there is no exporter %s installed", name)
            continue
        try:
            provider.add_span_processor(BatchSpanProcessor(found.load()()))
        except Exception as error:
            _logger.warning("tachograph: OTEL_TRACES_EXPORTER: the exporter %s cannot be used: %s", name, error)
