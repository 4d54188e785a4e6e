"""Programs with a TracerProvider of their own: it stays theirs, and gets one more processor."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.util._once import Once

from tachograph.runtime.context import expect_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.util.types import Attributes

    from tachograph.distro.tracer_provider import RecordingProvider

_logger = logging.getLogger("tachograph")


_LENT = frozenset({"add_span_processor", "force_flush", "shutdown"})
"""What a placeholder has beside the API's own. Of anything else, such as a `resource`, tools would make use."""


class Placeholder(trace.ProxyTracerProvider):
    """What a program finds that has set no provider: ours, in the shape of what the API has in that place.

    Tools look whether there is one. Alone they would make their own, with a resource and a processor of theirs; of a
    provider they find they become a part, and what they send would be named after us and joined to our traces.

    Parameters
    ----------
    provider
        Our provider. What a program may ask of it is its: processors can be added and flushed.
    """

    def __init__(self, provider: RecordingProvider) -> None:
        self._provider = provider

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> trace.Tracer:
        """See `opentelemetry.trace.TracerProvider`."""
        return self._provider.get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )

    def __getattr__(self, name: str) -> Any:
        if name not in _LENT:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._provider, name)


def set_quietly(provider: trace.TracerProvider) -> bool:
    """Set the global provider; whether it was set. The API's own function warns where it was not."""
    api: Any = trace
    api._set_tracer_provider(provider, log=False)
    if trace.get_tracer_provider() is not provider:
        return False
    expect_provider(provider)
    return True


def show(provider: RecordingProvider) -> None:
    """Let a program find our provider as it is, where whoever starts it is expected to have set one."""
    api: Any = trace
    if isinstance(getattr(api, "_TRACER_PROVIDER", None), Placeholder):
        api._TRACER_PROVIDER = provider
        expect_provider(provider)


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
    if theirs is ours or isinstance(theirs, Placeholder):
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
        api._TRACER_PROVIDER_SET_ONCE = ReplaceableOnce(lambda: adopt(trace.get_tracer_provider(), ours, processor))


class ReplaceableOnce(Once):
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
