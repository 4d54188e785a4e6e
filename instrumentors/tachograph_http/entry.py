"""The instrumentor as OpenTelemetry's own loader takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

from tachograph_http.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from collections.abc import Collection


class HTTPInstrumentor(BaseInstrumentor):
    """Records the HTTP requests of calls; loaded by `opentelemetry-instrument` under `tachograph_http`."""

    def instrumentation_dependencies(self) -> Collection[str]:
        """What has to be installed for this to be of use: nothing, as either generation of the library will do."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        instrument(kwargs.get("tracer_provider"))

    def _uninstrument(self, **kwargs: Any) -> None:  # noqa: ARG002 - the base class's signature
        uninstrument()
