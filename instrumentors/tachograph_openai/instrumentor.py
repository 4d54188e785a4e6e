"""Puts the instrumentation in and takes it out.

Nothing here imports the client, OpenTelemetry or what does the recording: a program that never imports the client does
not pay for it.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import forget, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from opentelemetry.trace import TracerProvider

    from tachograph.instrument.client import Requests

TESTED_RANGE = ">=1,<4"
_TESTED_MAJORS = range(1, 4)

_PACKAGE = "openai"
_CLIENT = "openai._base_client"
_RETRIES = ("_sleep_for_retry", "_retry_request")
"""What a client calls before a further attempt: newer releases the first, older ones the second."""

_logger = logging.getLogger("tachograph")
_lock = threading.RLock()
_provider: TracerProvider | None = None
_requests: Requests | None = None
_warned = False


def instrument(tracer_provider: TracerProvider | None = None) -> None:
    """Record the calls of the OpenAI client from here on, now or once it is imported. More than once is once.

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
    when_imported(_PACKAGE, _check_version)


def uninstrument() -> None:
    """Record no more calls; the client's methods are put back."""
    forget(_CLIENT, _apply)
    forget(_PACKAGE, _check_version)
    with _lock:
        if _requests is not None:
            from tachograph.instrument.patch import unpatch

            for owner, name, _ in _patches(_requests):
                unpatch(owner, name)


def _apply(module: ModuleType) -> None:
    global _requests
    from opentelemetry import trace

    from tachograph._version import __version__
    from tachograph.instrument.client import Requests
    from tachograph.instrument.patch import patch
    from tachograph_openai.endpoints import find
    from tachograph_openai.platform import describe

    with _lock:
        if not _is_known(module):
            return
        if _requests is None:
            _requests = Requests("tachograph.openai", find, describe)
        _requests.tracer = trace.get_tracer("tachograph.openai", __version__, tracer_provider=_provider)
        for owner, name, make in _patches(_requests):
            patch(owner, name, make)


def _patches(requests: Requests) -> list[tuple[Any, str, Callable[[Any, Any], Any]]]:
    base: Any = sys.modules[_CLIENT]
    return [
        (base.SyncAPIClient, "request", requests.request),
        (base.AsyncAPIClient, "request", requests.async_request),
        *((owner, name, requests.retry) for owner in (base.SyncAPIClient, base.AsyncAPIClient) for name in _RETRIES),
    ]


def _is_known(client: ModuleType | None) -> bool:
    return all(hasattr(client, name) for name in ("SyncAPIClient", "AsyncAPIClient"))


def _check_version(package: ModuleType) -> None:
    global _warned
    version = str(getattr(package, "__version__", "unknown"))
    major = re.match(r"\d+", version)
    found = _is_known(sys.modules.get(_CLIENT))
    if (found and major is not None and int(major[0]) in _TESTED_MAJORS) or _warned:
        return
    _warned = True
    effect = "its calls are recorded as far as they can be" if found else "its calls are not recorded"
    _logger.warning("tachograph: openai %s is outside the tested range (%s); %s", version, TESTED_RANGE, effect)


def __getattr__(name: str) -> Any:
    if name == "OpenAIInstrumentor":
        from tachograph_openai.entry import OpenAIInstrumentor

        return OpenAIInstrumentor
    raise AttributeError(f"module 'tachograph_openai' has no attribute {name!r}")
