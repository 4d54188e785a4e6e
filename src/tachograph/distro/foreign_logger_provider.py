"""The Logs API: log records go to the journal, whichever LoggerProvider they come from.

Nothing of it is imported before the program imports `opentelemetry._logs`, and the SDK's part not before somebody asks
for a logger.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from tachograph.distro.provider_seat import Seat
from tachograph.instrument.imports import when_imported
from tachograph.instrument.joined_records import has_joined

if TYPE_CHECKING:
    from types import ModuleType

    from tachograph.distro.logger_provider import RecordingLoggerProvider
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.recorder import ProcessRecorder
    from tachograph.recorder.log_writer import LogWriter

_logger = logging.getLogger("tachograph")

API = "opentelemetry._logs._internal"
"""The module that keeps which provider is set."""


class Logs(Seat):
    """The Logs API of this process.

    Other threads do not wait while our provider is made: the thread that makes it may log, and wait for the lock of a
    handler of `logging` that such a thread holds.

    Parameters
    ----------
    recorder
        Where the records go.
    spans
        Our provider of spans, whose resource log records have as well.
    """

    _ours: RecordingLoggerProvider | None

    def __init__(self, recorder: ProcessRecorder, spans: RecordingProvider) -> None:
        super().__init__("LOGGER", "Logs API", others_wait=False)
        self._recorder = recorder
        self._spans = spans
        self._writer: LogWriter | None = None

    def watch(self) -> None:
        """Take the seat when the API is imported, or now if it is imported already."""
        when_imported(API, self.place)

    def place(self, module: ModuleType) -> None:
        """Take the place of the API's proxy, or join the program's provider."""
        if self._api is None and hasattr(module, self._proxy_name):
            self.take(module)

    def after_fork(self) -> None:
        """In a forked child."""
        super().after_fork()
        if self._ours is not None:
            self._ours.after_fork()

    def close(self) -> None:
        """At the end of the process: let exporters in the program send what they hold."""
        if self._ours is not None:
            self._ours.shutdown()

    def _new_stand_in(self, api: Any, proxy: Any) -> Any:  # noqa: ARG002 - see the base class
        provider = self.provider

        class WaitingLoggerProvider(api.ProxyLoggerProvider):
            """Brings our provider up for the first who asks it for anything."""

            def get_logger(self, *words: Any, **more: Any) -> Any:
                return provider().get_logger(*words, **more)

            def __getattr__(self, name: str) -> Any:
                if name.startswith("__"):
                    raise AttributeError(name)
                return getattr(provider(), name)

        return WaitingLoggerProvider()

    def _stand_by(self, module: ModuleType, proxy: Any) -> None:  # noqa: ARG002 - see the base class
        setattr(module, self._proxy_name, self._stand_in)
        if API in sys.modules and not _is_loading(module):
            # Somebody may hold a logger that waits for a provider.
            self.provider()

    def _make(self) -> RecordingLoggerProvider:
        from tachograph.distro.exporters import add_log_exporters
        from tachograph.distro.logger_provider import RecordingLoggerProvider
        from tachograph.distro.sealed_copies import SealedCopies

        copies = SealedCopies(self._recorder.sealer)
        ours = RecordingLoggerProvider(self._spans.resource, self._log_writer().write, copies)
        add_log_exporters(ours, os.environ.get("OTEL_LOGS_EXPORTER", ""))
        return ours

    def _log_writer(self) -> LogWriter:
        if self._writer is None:
            from tachograph.recorder.log_writer import LogWriter

            self._writer = LogWriter(self._recorder, has_joined)
        return self._writer

    def _placed(self, provider: Any) -> None:
        """Nothing to do: loggers look the provider up when they are used."""

    def _no_op(self, api: Any) -> Any:
        return api.NoOpLoggerProvider()

    def _meanwhile(self) -> Any:
        return self._api.ProxyLoggerProvider()

    def _discard(self, ours: RecordingLoggerProvider) -> None:
        ours.shutdown()

    def _adopt(self, theirs: Any) -> None:
        from tachograph.recorder.log_writer import JournalLogProcessor

        add: Any = getattr(theirs, "add_log_record_processor", None)
        if add is None:
            _logger.debug("tachograph: %s takes no processors; its log records are not recorded", theirs)
        else:
            add(JournalLogProcessor(self._log_writer()))
        if self._ours is not None:
            self._ours.hand_over(theirs)


def _is_loading(module: ModuleType) -> bool:
    return bool(getattr(module.__spec__, "_initializing", False))
