"""The instrumentor as OpenTelemetry's own loader takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor

from tachograph_openai.instrumentor import library

if TYPE_CHECKING:
    from collections.abc import Collection


class OpenAIInstrumentor(BaseInstrumentor):
    """Records the calls of the OpenAI client; loaded by `opentelemetry-instrument` under `tachograph_openai`."""

    def instrumentation_dependencies(self) -> Collection[str]:
        """What has to be installed for this to be of use."""
        return (library.requirement,)

    def _instrument(self, **kwargs: Any) -> None:
        library.instrument(kwargs.get("tracer_provider"))

    def _uninstrument(self, **kwargs: Any) -> None:  # noqa: ARG002 - the base class's signature
        library.uninstrument()
