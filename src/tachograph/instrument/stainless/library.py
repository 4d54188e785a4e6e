"""Instruments one client library, now or once it is imported, and undoes it.

Nothing here imports the library, OpenTelemetry or what does the recording: a program that never imports the library
does not pay for it.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from tachograph._version import version_numbers
from tachograph.instrument.imports import forget, when_imported

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from opentelemetry.trace import TracerProvider

    from tachograph.instrument.stainless.calls import CallPatches

_CLIENTS = ("SyncAPIClient", "AsyncAPIClient")
_RETRIES = ("_sleep_for_retry", "_retry_request")
"""What a client calls before a further attempt: newer releases the first, older ones the second."""

_logger = logging.getLogger("tachograph")


class Library:
    """A client library that Stainless generated, and whether its calls are recorded.

    Parameters
    ----------
    package
        Name of the library's package, e.g. ``openai``.
    first, before
        The releases the instrumentation was tested with, as (major, minor): from the first, up to and without the
        other.
    make_patches
        Makes the replacements of its methods; called once the library is imported.
    """

    def __init__(
        self, package: str, first: tuple[int, int], before: tuple[int, int], make_patches: Callable[[], CallPatches]
    ) -> None:
        self._package = package
        self._client = f"{package}._base_client"
        self._first, self._before = first, before
        self._make_patches = make_patches
        self._call_patches: CallPatches | None = None
        self._provider: TracerProvider | None = None
        self._warned = False
        self._lock = threading.RLock()

    @property
    def requirement(self) -> str:
        """The tested releases as a requirement of a package, e.g. ``openai >= 1, < 4``."""
        return f"{self._package} >= {_written(self._first)}, < {_written(self._before)}"

    def instrument(self, tracer_provider: TracerProvider | None = None) -> None:
        """Record the calls of the client from here on, now or once it is imported. More than once is once.

        Parameters
        ----------
        tracer_provider
            Where spans come from; None means the global provider.
        """
        with self._lock:
            self._provider = tracer_provider
        forget(self._client, self._apply)
        when_imported(self._client, self._apply)
        when_imported(self._package, self._check_version)

    def uninstrument(self) -> None:
        """Record no more calls; the client's methods are put back."""
        forget(self._client, self._apply)
        forget(self._package, self._check_version)
        with self._lock:
            if self._call_patches is not None:
                from tachograph.instrument.patch import unpatch

                for owner, name, _ in self._patches(self._call_patches):
                    unpatch(owner, name)

    def _apply(self, module: ModuleType) -> None:
        from opentelemetry import trace

        from tachograph._version import __version__
        from tachograph.instrument.patch import patch

        with self._lock:
            if not _is_known(module):
                return
            patches = self._call_patches
            if patches is None:
                patches = self._call_patches = self._make_patches()
            patches.tracer = trace.get_tracer(patches.scope, __version__, tracer_provider=self._provider)
            for owner, name, make in self._patches(patches):
                patch(owner, name, make)

    def _patches(self, patches: CallPatches) -> list[tuple[Any, str, Callable[[Any, Any], Any]]]:
        base = sys.modules[self._client]
        sync, asynchronous = (getattr(base, name) for name in _CLIENTS)
        return [
            (sync, "request", patches.request),
            (asynchronous, "request", patches.async_request),
            *((owner, name, patches.retry) for owner in (sync, asynchronous) for name in _RETRIES),
        ]

    def _check_version(self, package: ModuleType) -> None:
        version = str(getattr(package, "__version__", "unknown"))
        is_recorded = _is_known(sys.modules.get(self._client))
        if (is_recorded and self._first <= version_numbers(version) < self._before) or self._warned:
            return
        self._warned = True
        effect = "its calls are recorded as far as they can be" if is_recorded else "its calls are not recorded"
        tested = f">={_written(self._first)},<{_written(self._before)}"
        _logger.warning(
            "tachograph: %s %s is outside the tested range (%s); %s", self._package, version, tested, effect
        )


def _is_known(client: ModuleType | None) -> bool:
    return all(hasattr(client, name) for name in _CLIENTS)


def _written(version: tuple[int, int]) -> str:
    return ".".join(map(str, version if version[1] else version[:1]))
