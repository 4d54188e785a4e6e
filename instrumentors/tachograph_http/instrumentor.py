"""Puts the instrumentation in and takes it out; imports nothing that a program without HTTP would pay for."""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import forget, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from opentelemetry.trace import TracerProvider

_LIBRARIES = ("httpx", "httpx2")
"""Two generations of one library; the clients of providers have moved from the first to the second."""

_lock = threading.RLock()
_provider: TracerProvider | None = None


def instrument(tracer_provider: TracerProvider | None = None) -> None:
    """Record requests from here on, now or once a library is imported. More than once is once.

    Parameters
    ----------
    tracer_provider
        Where spans come from; None means the global provider.
    """
    global _provider
    with _lock:
        _provider = tracer_provider
    for library in _LIBRARIES:
        forget(library, _apply)
        when_imported(library, _apply)


def uninstrument() -> None:
    """Record no more requests; the methods of the libraries are put back."""
    for library in _LIBRARIES:
        forget(library, _apply)
        module = sys.modules.get(library)
        if module is not None:
            from tachograph.instrument.patch import unpatch
            from tachograph_http.other_requests import leave_others

            leave_others(library)
            for owner, _ in _patches(module):
                unpatch(owner, "send")


def _apply(module: ModuleType) -> None:
    from tachograph.instrument.patch import patch
    from tachograph_http.attempts import use
    from tachograph_http.other_requests import record_others

    # Not under the lock: it imports, which another thread may be waited for by.
    alone = record_others(module.__name__, _provider)
    with _lock:
        use(_provider)
        for owner, make in _patches(module):
            patch(owner, "send", partial(make, alone=alone))


def _patches(module: ModuleType) -> list[tuple[Any, Callable[..., Any]]]:
    from tachograph_http.send_patch import async_send, send

    makers = {"Client": send, "AsyncClient": async_send}
    return [(getattr(module, name), make) for name, make in makers.items() if hasattr(module, name)]
