"""The instrumentor as OpenTelemetry's own loader takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

from tachograph_logging.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from collections.abc import Collection


class LoggingInstrumentor(BaseInstrumentor):
    """Records what a program logs; loaded by `opentelemetry-instrument` under `tachograph_logging`."""

    def instrumentation_dependencies(self) -> Collection[str]:
        """Nothing: `logging` comes with Python."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:  # noqa: ARG002 - the base class's signature
        instrument()

    def _uninstrument(self, **kwargs: Any) -> None:  # noqa: ARG002
        uninstrument()
