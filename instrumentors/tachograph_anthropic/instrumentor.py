"""Puts the instrumentation in and takes it out.

Nothing here imports the client, OpenTelemetry or what does the recording: a program that never imports the client does
not pay for it.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import forget, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from opentelemetry.trace import TracerProvider

    from tachograph.instrument.patch import Patch

TESTED = ((0, 16), (3, 0))
"""The first release whose client has the messages API outside of its beta, and the first that does not exist yet."""
TESTED_RANGE = ">=0.16,<3"

_CLIENT = "anthropic"

_logger = logging.getLogger("tachograph")
_lock = threading.RLock()
_provider: TracerProvider | None = None
_tracing: Any = None


def instrument(tracer_provider: TracerProvider | None = None) -> None:
    """Record the calls of the Anthropic client from here on, now or once it is imported. More than once is once.

    Parameters
    ----------
    tracer_provider
        Where spans come from; None means the global provider.
    """
    global _provider
    with _lock:
        _provider = tracer_provider
        forget(_CLIENT, _apply)
    when_imported(_CLIENT, _apply)


def uninstrument() -> None:
    """Record no more calls; the client's methods are put back, and its own spans are on again."""
    forget(_CLIENT, _apply)
    with _lock:
        if _tracing is not None:
            from tachograph.instrument.patch import unpatch

            for owner, name, _ in _patches():
                unpatch(owner, name)


def _apply(module: ModuleType) -> None:
    global _tracing
    from opentelemetry import trace

    from tachograph._version import __version__
    from tachograph.instrument.patch import patch
    from tachograph_anthropic import wrappers

    with _lock:
        _check(module)
        if _tracing is None:
            _tracing = wrappers.Tracing()
        _tracing.tracer = trace.get_tracer("tachograph.anthropic", __version__, tracer_provider=_provider)
        for owner, name, make in _patches():
            patch(owner, name, make)


def _patches() -> list[tuple[Any, str, Callable[[Any, Patch], Any]]]:
    """What is replaced: the owner, the name of the method, and what makes the replacement."""
    from importlib import import_module

    from tachograph_anthropic import wrappers

    base: Any = import_module("anthropic._base_client")
    found: list[tuple[Any, str, Callable[[Any, Patch], Any]]] = [
        (base.SyncAPIClient, "request", wrappers.request(_tracing)),
        (base.AsyncAPIClient, "request", wrappers.async_request(_tracing)),
    ]
    for name, owner in (("_response", "BaseAPIResponse"), ("_legacy_response", "LegacyAPIResponse")):
        try:
            responses: Any = import_module(f"anthropic.{name}")
        except ImportError:
            continue
        found.append((getattr(responses, owner), "_parse", wrappers.parse))
    return found


def _check(module: ModuleType) -> None:
    version = str(getattr(module, "__version__", "unknown"))
    try:
        major, minor = (int(number) for number in version.split(".")[:2])
    except ValueError:
        inside = False
    else:
        inside = TESTED[0] <= (major, minor) < TESTED[1]
    if not inside:
        _logger.warning(
            "tachograph: anthropic %s is outside the tested range (%s); its calls are recorded as far as they can be",
            version,
            TESTED_RANGE,
        )


def __getattr__(name: str) -> Any:
    if name == "AnthropicInstrumentor":
        from tachograph_anthropic.entry import AnthropicInstrumentor

        return AnthropicInstrumentor
    raise AttributeError(f"module 'tachograph_anthropic' has no attribute {name!r}")
