"""Who is compared: the bare client, Tachograph, and OpenTelemetry's own GenAI instrumentors."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Contender = Literal["bare", "tachograph", "otel", "sdk"]
_INSTRUMENTORS = (
    ("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor"),
    ("opentelemetry.instrumentation.genai.anthropic", "AnthropicInstrumentor"),
)

CONTENDERS: tuple[Contender, ...] = ("bare", "tachograph", "otel")


def bring_up(contender: Contender, sink: str, folder: str) -> Callable[[], object]:
    """Switch a contender on in this process, as its documentation says; what it returns empties its queues.

    Parameters
    ----------
    contender
        Who.
    sink
        Address of an OTLP/HTTP sink on this machine.
    folder
        Where runs are kept.
    """
    match contender:
        case "bare":
            return lambda: None
        case "tachograph":
            import tachograph

            tachograph.start(directory=folder)
            # Every record is on disk before its call returns; there is no queue.
            return lambda: None
        case "otel":
            return _official(sink)
        case "sdk":
            from opentelemetry import trace
            from opentelemetry.sdk.trace import TracerProvider

            trace.set_tracer_provider(TracerProvider())
            return lambda: None


def _official(sink: str) -> Callable[[], object]:
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
    os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{sink}/v1/traces")))
    trace.set_tracer_provider(provider)
    # The Anthropic client has spans of its own; doubled they would cost the instrumentor more than it costs.
    os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
    for module, name in _INSTRUMENTORS:
        getattr(importlib.import_module(module), name)().instrument()
    return provider.force_flush
