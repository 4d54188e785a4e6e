"""Programs with a TracerProvider of their own: it stays theirs, and gets one more processor."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.util._once import Once

if TYPE_CHECKING:
    from collections.abc import Callable

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
    if theirs is ours:
        return
    add: Any = getattr(theirs, "add_span_processor", None)
    if add is None:
        _logger.debug("tachograph: %s takes no span processors; only spans of ours are recorded", type(theirs))
        return
    add(processor)
    tell: Any = getattr(processor, "own_provider", None)
    if tell is not None:
        tell()
    ours.hand_over(theirs)


def give_way(ours: RecordingProvider, processor: SpanProcessor) -> None:
    """Let the program set its own provider after ours.

    The API takes the first provider and refuses all others. Recording must not take that place from a program, so ours
    leaves it to the first that comes.
    """
    api: Any = trace
    if hasattr(api, "_TRACER_PROVIDER_SET_ONCE"):
        api._TRACER_PROVIDER_SET_ONCE = OnceMore(lambda: adopt(trace.get_tracer_provider(), ours, processor))


class OnceMore(Once):
    """Stands where the API keeps whether a provider was set, and lets one more be set.

    Parameters
    ----------
    then
        Called when the program has set its own.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def do_once(self, func: Callable[[], None]) -> bool:
        """Set the program's provider by the API's own function; whether it was set."""
        if not super().do_once(func):
            return False
        try:
            self._then()
        except Exception:
            _logger.debug("tachograph: the program's provider could not be recorded", exc_info=True)
        return True
