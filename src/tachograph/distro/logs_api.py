"""The Logs API: records of it go to the journal, whoever's LoggerProvider they come from.

Nothing of it is imported before the program imports `opentelemetry._logs`, and the SDK's part not before somebody asks
for a logger.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import when_imported
from tachograph.instrument.logs import has_joined

if TYPE_CHECKING:
    from types import ModuleType

    from tachograph.distro.activation import Activation
    from tachograph.distro.logger_provider import RecordingLoggerProvider

_logger = logging.getLogger("tachograph")

API = "opentelemetry._logs._internal"
"""The module that keeps which provider is set."""

_WRITER = "tachograph.recorder.log_writer"
"""The part of the plug-in that writes log records; by name, for the core imports no plug-in."""


class Logs:
    """The Logs API of this process.

    Parameters
    ----------
    active
        What was brought up.
    """

    def __init__(self, active: Activation) -> None:
        self._active = active
        self._lock = threading.RLock()
        self._api: Any = None
        self._writer: Any = None
        self._ours: RecordingLoggerProvider | None = None
        # What a program finds that has set no provider: no provider of the SDK's, so that it sets its own.
        self._stand: Any = None
        self._in_place: Any = None
        self._making = False

    def watch(self) -> None:
        """Be there when the API is imported; where it is imported already, be there now."""
        when_imported(API, self.place)

    def place(self, module: ModuleType) -> None:
        """Take the place of the API's stand-in for a provider, or join the program's own."""
        api: Any = module
        if self._api is not None or not hasattr(api, "_PROXY_LOGGER_PROVIDER"):
            return
        from tachograph.distro.foreign_provider import ReplaceableOnce

        self._api = api
        if api._LOGGER_PROVIDER is not None:
            self._adopt()
            return
        api._LOGGER_PROVIDER_SET_ONCE = ReplaceableOnce(self._adopt_late)
        self._stand = api._PROXY_LOGGER_PROVIDER = _stand_in(api, self.bring_up)
        if API in sys.modules and not _is_loading(module):
            # Somebody may hold a logger that waits for a provider.
            self.bring_up()

    def bring_up(self) -> Any:
        """The provider that is in force: the program's own where it has set one, else ours."""
        api = self._api
        if api._LOGGER_PROVIDER not in (None, self._stand):
            return api._LOGGER_PROVIDER
        if self._in_place is not None:
            return self._in_place
        if self._making:
            # What is logged meanwhile. Whoever makes it may log as well, and wait for a handler of `logging` that waits
            # here.
            return api.ProxyLoggerProvider()
        with self._lock:
            if api._LOGGER_PROVIDER is None:
                self._making = True
                try:
                    made: Any = self._made()
                except Exception as error:
                    _logger.warning("tachograph: what goes through the Logs API is not recorded: %s", error)
                    made = api.NoOpLoggerProvider()
                finally:
                    self._making = False
                with api._LOGGER_PROVIDER_SET_ONCE._lock:
                    # The program may have set its own in the meantime.
                    if api._LOGGER_PROVIDER is None:
                        self._in_place = made
                        api._LOGGER_PROVIDER = self._stand
                if self._in_place is None and self._ours is not None:
                    self._ours, ours = None, self._ours
                    ours.shutdown()
            return self._in_place or api._LOGGER_PROVIDER

    def after_fork(self) -> None:
        """In a forked child."""
        # Another thread of the parent's may have held it.
        self._lock = threading.RLock()
        self._making = False
        if self._ours is not None:
            self._ours.after_fork()

    def close(self) -> None:
        """At the end of the process: let exporters in the program send what they hold."""
        if self._ours is not None:
            self._ours.shutdown()

    def _made(self) -> RecordingLoggerProvider:
        from tachograph.distro.exporters import add_log_exporters
        from tachograph.distro.logger_provider import RecordingLoggerProvider
        from tachograph.distro.sealed_copies import SealedCopies

        active = self._active
        made = RecordingLoggerProvider(
            active.provider.resource, self._written().write, SealedCopies(active.recorder.sealer)
        )
        add_log_exporters(made, os.environ.get("OTEL_LOGS_EXPORTER", ""))
        self._ours = made
        return made

    def _written(self) -> Any:
        if self._writer is None:
            self._writer = importlib.import_module(_WRITER).LogWriter(self._active.recorder, has_joined)
        return self._writer

    def _adopt_late(self) -> None:
        # Not while ours is being made.
        with self._lock:
            self._adopt()

    def _adopt(self) -> None:
        theirs = self._api._LOGGER_PROVIDER
        add: Any = getattr(theirs, "add_log_record_processor", None)
        if add is None:
            _logger.debug("tachograph: %s takes no processors; its log records are not recorded", theirs)
        else:
            add(importlib.import_module(_WRITER).JournalLogProcessor(self._written()))
        if self._ours is not None:
            self._ours.hand_over(theirs)


def _is_loading(module: ModuleType) -> bool:
    return bool(getattr(module.__spec__, "_initializing", False))


def _stand_in(api: Any, bring_up: Any) -> Any:
    """What the API gives out as long as no provider is set.

    Parameters
    ----------
    api
        The module.
    bring_up
        Gives the provider in force.
    """

    class WaitingLoggerProvider(api.ProxyLoggerProvider):
        """Brings the provider up for the first that asks it for anything."""

        def get_logger(self, *words: Any, **more: Any) -> Any:
            return bring_up().get_logger(*words, **more)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return getattr(bring_up(), name)

    return WaitingLoggerProvider()
