"""The instrumentor as OpenTelemetry's own loader takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

from tachograph_executors.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from collections.abc import Collection


class ExecutorsInstrumentor(BaseInstrumentor):
    """Hands contexts on; loaded by `opentelemetry-instrument` under `tachograph_executors`."""

    def instrumentation_dependencies(self) -> Collection[str]:
        """Nothing: what is patched comes with Python."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:  # noqa: ARG002 - the base class's signature
        instrument()

    def _uninstrument(self, **kwargs: Any) -> None:  # noqa: ARG002
        uninstrument()
