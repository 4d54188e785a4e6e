"""Who is compared: the bare client, Tachograph, and OpenTelemetry's own GenAI instrumentors; and who redacts."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Contender = Literal["bare", "tachograph", "otel", "sdk"]
_INSTRUMENTORS = (
    ("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor"),
    ("opentelemetry.instrumentation.genai.anthropic", "AnthropicInstrumentor"),
)

CONTENDERS: tuple[Contender, ...] = ("bare", "tachograph", "otel")

REDACTORS = ("Sealer.json", "Sealer.text", "the scan alone", "our triggers as one `re`")
"""What of ours redacts, and what it could be made of."""
RIVALS = {
    "logfire": "logfire==5.2.0",
    "presidio": "presidio-analyzer==2.2.366",
    "detect-secrets": "detect-secrets==1.5.0",
}
"""Who else redacts, and what is installed for it, each in an environment of its own: they hold each other back."""


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


def redactor(name: str) -> Callable[[str], object]:
    """What one of `REDACTORS` or `RIVALS` does with a text, which for some is only to find what it would redact.

    Parameters
    ----------
    name
        Who.
    """
    return _MAKERS[name]()


def _ours(method: str) -> Callable[[str], object]:
    from tachograph.redaction import Sealer
    from tachograph.redaction.scan import engine_loader

    engine_loader.wait()
    sealer = Sealer(bytes(32), dict(os.environ))
    redact: Callable[[str, dict[str, int]], object] = getattr(sealer, method)
    return lambda text: redact(text, {})


def _scan() -> Callable[[str], object]:
    from tachograph.redaction.scan import engine_loader

    engine_loader.wait()
    hit = engine_loader.engine()[0].hit
    return lambda text: hit(text.encode())


def _alternation() -> Callable[[str], object]:
    import re

    from tachograph.redaction.catalogue import RULES

    each = (
        b"(?i:%b)" % rule.trigger[4:] if rule.trigger.startswith(b"(?i)") else b"(?:%b)" % rule.trigger
        for rule in RULES
    )
    pattern = re.compile(b"|".join(each))
    return lambda text: pattern.sub(b"[REDACTED]", text.encode())


def _logfire() -> Callable[[str], object]:
    scrubber = importlib.import_module("logfire._internal.scrubbing").Scrubber(None)
    return lambda text: scrubber.scrub_value(("attributes", "content"), text)


def _presidio() -> Callable[[str], object]:
    # Its recognizers of addresses would fetch the list of public suffixes.
    tldextract: Any = importlib.import_module("tldextract.tldextract")
    tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    presidio: Any = importlib.import_module("presidio_analyzer")
    registry = importlib.import_module("presidio_analyzer.recognizer_registry").RecognizerRegistry()
    registry.load_predefined_recognizers()
    # Those without a model of language.
    patterns = [one for one in registry.recognizers if isinstance(one, presidio.PatternRecognizer)]
    return lambda text: [one.analyze(text, one.supported_entities) for one in patterns]


def _detect_secrets() -> Callable[[str], object]:
    scan_line = importlib.import_module("detect_secrets.core.scan").scan_line
    # They end with what they were entered by, so that is held on to.
    settings = importlib.import_module("detect_secrets.settings").default_settings()
    settings.__enter__()

    def scan(text: str) -> object:
        assert settings is not None
        return [list(scan_line(line)) for line in text.splitlines()]

    return scan


_MAKERS: dict[str, Callable[[], Callable[[str], object]]] = {
    "Sealer.json": lambda: _ours("json"),
    "Sealer.text": lambda: _ours("text"),
    "the scan alone": _scan,
    "our triggers as one `re`": _alternation,
    "logfire": _logfire,
    "presidio": _presidio,
    "detect-secrets": _detect_secrets,
}
