"""A LoggerProvider that writes each record to the journal and hands redacted copies to what the program adds."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from opentelemetry._logs import LogRecord
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk import _logs as sdk
from opentelemetry.sdk.resources import Resource

from tachograph.semconv import general

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry import _logs as api
    from opentelemetry.context import Context
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.util.types import AnyValue, Attributes

    from tachograph.distro.sealed_copies import SealedCopies

    Write = Callable[[LogRecord, InstrumentationScope], None]

_logger = logging.getLogger("tachograph")
_MOST_KEPT = 256
_LIMITS = (
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
)


class RecordingLogger(sdk.Logger):
    """A logger that writes to the journal before anything else.

    The SDK's own would bound and clean the attributes first, and warn of what it leaves out.
    """

    journal: Write
    copies: SealedCopies
    successor: api.Logger | None

    def enabled(
        self,
        *,
        context: Context | None = None,
        severity_number: api.SeverityNumber | None = None,
        event_name: str | None = None,
    ) -> bool:
        """See `opentelemetry._logs.Logger`."""
        if self.successor is not None:
            return self.successor.enabled(context=context, severity_number=severity_number, event_name=event_name)
        return True

    def emit(
        self,
        record: LogRecord | None = None,
        *,
        timestamp: int | None = None,
        observed_timestamp: int | None = None,
        context: Context | None = None,
        severity_number: api.SeverityNumber | None = None,
        severity_text: str | None = None,
        body: AnyValue | None = None,
        attributes: Attributes = None,
        event_name: str | None = None,
        exception: BaseException | None = None,
    ) -> None:
        """See `opentelemetry._logs.Logger`."""
        if record is None:
            try:
                record = LogRecord(
                    timestamp=timestamp,
                    observed_timestamp=observed_timestamp,
                    context=context,
                    severity_number=severity_number,
                    severity_text=severity_text,
                    body=body,
                    attributes=attributes,
                    event_name=event_name,
                    exception=exception,
                )
            except Exception:
                _logger.debug("tachograph: a log record could not be made", exc_info=True)
                return
        if self.successor is not None:
            self.successor.emit(record)
            return
        # What the program has made of the SDK's class itself holds the record of the API.
        plain: Any = getattr(record, "log_record", record)
        self.journal(plain, self._instrumentation_scope)
        processors: Any = self._multi_log_record_processor
        if not processors._log_record_processors:
            return
        try:
            copy = self.copies.log(plain, self._resource, self._instrumentation_scope, self._log_record_limits)
        except Exception:
            _logger.debug("tachograph: a log record could not be sealed and was not handed on", exc_info=True)
            return
        processors.on_emit(copy)


class RecordingLoggerProvider(sdk.LoggerProvider):
    """The LoggerProvider for programs that set none.

    Parameters
    ----------
    resource
        The resource of the process.
    journal
        Writes a record to the journal.
    copies
        Makes what others get.
    """

    def __init__(self, resource: Resource, journal: Write, copies: SealedCopies) -> None:
        limited = any(os.environ.get(name) for name in _LIMITS)
        unset = sdk.LogRecordLimits.UNSET
        super().__init__(
            resource,
            # The order of things at exit is the distribution's.
            shutdown_on_exit=False,
            meter_provider=NoOpMeterProvider(),
            log_record_limits=None if limited else sdk.LogRecordLimits(unset, unset, unset, unset),
        )
        self._journal = journal
        self._copies = copies
        self._successor: api.LoggerProvider | None = None

    def _handle_fork(self) -> None:
        """In a forked child; in place of the SDK's, which starts threads there."""

    def after_fork(self) -> None:
        """In a forked child: a new process id."""
        # Another thread of the parent's may have held them.
        self._logger_cache_lock = threading.Lock()
        self._active_loggers_lock = threading.Lock()
        self._update_resource(Resource({general.PROCESS_PID: os.getpid()}))

    def get_logger(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> api.Logger:
        """See `opentelemetry._logs.LoggerProvider`."""
        if self._successor is not None:
            return self._successor.get_logger(name, version, schema_url, attributes)
        cached: dict[object, api.Logger] = vars(self)["_logger_cache"]
        if len(cached) >= _MOST_KEPT:
            # A program that makes up names.
            with self._logger_cache_lock:
                cached.clear()
        logger = super().get_logger(name, version, schema_url, attributes)
        if type(logger) is sdk.Logger:
            # The SDK keeps the logger it made, so it is converted in place. The class comes last, because another
            # thread may hold the same logger already.
            ours: Any = logger
            ours.journal = self._journal
            ours.copies = self._copies
            ours.successor = None
            ours.__class__ = RecordingLogger
        return logger

    def hand_over(self, to: api.LoggerProvider) -> None:
        """Let loggers that were handed out already use a provider the program has set since."""
        self._successor = to
        with self._active_loggers_lock:
            handed_out = list(self._active_loggers)
        for logger in handed_out:
            if isinstance(logger, RecordingLogger):
                scope = logger.instrumentation_scope
                logger.successor = to.get_logger(scope.name, scope.version, scope.schema_url, scope.attributes)
