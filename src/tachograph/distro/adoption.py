"""Programs with a TracerProvider of their own: it stays theirs, and gets one more processor."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

    from tachograph.distro.provider import RecordingProvider

_logger = logging.getLogger("tachograph")


def adopt(theirs: trace.TracerProvider, ours: RecordingProvider, processor: SpanProcessor) -> None:
    """Record the spans of a provider the program has set.

    Parameters
    ----------
    theirs
        The program's provider. It needs `add_span_processor`, as the SDK's and its wrappers have.
    ours
        Our provider; its tracers hand over to the program's, so that the program's exporters see our spans as well.
    processor
        What writes the journal.
    """
    add: Any = getattr(theirs, "add_span_processor", None)
    if add is None:
        _logger.debug("tachograph: %s takes no span processors; only spans of ours are recorded", type(theirs))
        return
    add(processor)
    ours.hand_over(theirs)


def watch(ours: RecordingProvider, processor: SpanProcessor) -> None:
    """Let the program set its own provider after ours.

    The API takes the first provider and refuses all others. Recording must not take that place from a program, so while
    ours is set a later one replaces it.
    """
    original = trace.set_tracer_provider

    def set_tracer_provider(tracer_provider: trace.TracerProvider) -> None:
        """Set the global TracerProvider; see `opentelemetry.trace.set_tracer_provider`."""
        if trace.get_tracer_provider() is ours and tracer_provider is not ours:
            try:
                api: Any = trace
                api._TRACER_PROVIDER_SET_ONCE = type(api._TRACER_PROVIDER_SET_ONCE)()
                api._TRACER_PROVIDER = None
                original(tracer_provider)
                adopt(tracer_provider, ours, processor)
            except Exception:
                _logger.debug("tachograph: the program's provider could not be recorded", exc_info=True)
            return
        original(tracer_provider)

    trace.set_tracer_provider = set_tracer_provider
