"""Writes the records of the Logs API to the journal, as events."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING, Any, cast

from opentelemetry.sdk._logs import LogRecordProcessor
from opentelemetry.trace import TraceFlags

from tachograph.journal import SpanIds
from tachograph.runtime.exceptions import describe
from tachograph.semconv import body_without_content, general, tacho, without_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry._logs import LogRecord
    from opentelemetry.sdk._logs import ReadWriteLogRecord
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

    from tachograph.recorder.process_recorder import ProcessRecorder

_ERROR = 17
"""The lowest severity of an error,
https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber."""
_FATAL4 = 24
_LATEST_NS = 1 << 63


class LogWriter:
    """Writes the log records of a process with its recorder.

    Parameters
    ----------
    recorder
        The recorder of the process.
    already_recorded
        Whether a record of `logging` was recorded directly, by the name of its logger and its time in ns; if a handler
        passes the same record to the Logs API as well, it is not written twice.
    """

    def __init__(self, recorder: ProcessRecorder, already_recorded: Callable[[str, int], bool]) -> None:
        self._recorder = recorder
        self._already_recorded = already_recorded

    def write(self, record: LogRecord, scope: InstrumentationScope | None, *, own_provider: bool = False) -> None:
        """Write one record. Never raises.

        Parameters
        ----------
        record
            The record as it was emitted.
        scope
            The logger it comes from.
        own_provider
            Whether it comes from a LoggerProvider that the program has set, whose exporters get it.
        """
        try:
            self._write(record, scope, own_provider=own_provider)
        except Exception:
            self._recorder.faults += 1

    def _write(self, record: LogRecord, scope: InstrumentationScope | None, *, own_provider: bool) -> None:
        recorder = self._recorder
        severity = _severity(record.severity_number)
        name = record.event_name or tacho.LOG_EVENT
        if name in recorder.disabled or (recorder.errors_only and severity < _ERROR):
            return
        now = time.time_ns()
        observed_ns = _valid_ns(record.observed_timestamp) or now
        time_ns = _valid_ns(record.timestamp) or observed_ns
        if scope is not None and self._already_recorded(scope.name, time_ns):
            return
        if scope is not None and scope.name not in recorder.scopes:
            recorder.scope(scope)
        attributes: dict[str, Any] = dict(record.attributes or {})
        if record.exception is not None:
            attributes = {**_exception_attributes(record.exception), **attributes}
        body: Any = record.body
        if not recorder.content_on:
            body = body_without_content(record.event_name, attributes, body)
            attributes = without_content(attributes)
        members: dict[str, Any] = {"name": name, "scope": scope.name if scope is not None else None}
        if record.severity_text is not None:
            members["severity_text"] = record.severity_text
        if body is not None:
            members["body"] = body
        if attributes:
            members["fields"] = attributes
        line = recorder.builder.log(
            members,
            severity=severity,
            time_ns=time_ns,
            observed_ns=observed_ns,
            now_ns=now,
            span=_span(record),
            own_provider=own_provider,
        )
        recorder.write(line)


class JournalLogProcessor(LogRecordProcessor):
    """Writes the log records of a LoggerProvider that the program has set.

    Parameters
    ----------
    writer
        Writes the records.
    """

    def __init__(self, writer: LogWriter) -> None:
        self._writer = writer

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Write a record."""
        self._writer.write(log_record.log_record, log_record.instrumentation_scope, own_provider=True)

    def shutdown(self) -> None:
        """Do nothing: each record is written when it is emitted."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:  # noqa: ARG002 - the SDK's signature
        """Do nothing, see :meth:`shutdown`."""
        return True


def _severity(number: object) -> int:
    value: object = getattr(number, "value", number)
    return value if type(value) is int and 0 <= value <= _FATAL4 else 0


def _valid_ns(timestamp: object) -> int:
    return timestamp if type(timestamp) is int and 0 < timestamp < _LATEST_NS else 0


def _span(record: LogRecord) -> SpanIds | None:
    trace_id, span_id = cast("Any", record.trace_id), cast("Any", record.span_id)
    if type(trace_id) is not int or type(span_id) is not int or not (trace_id and span_id):
        return None
    sampled = bool(int(record.trace_flags or 0) & TraceFlags.SAMPLED)
    return SpanIds(trace_id.to_bytes(16).hex(), span_id.to_bytes(8).hex(), sampled)


def _exception_attributes(error: BaseException) -> dict[str, str]:
    """The attributes of an exception, as the SDK records it, https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/."""
    described = describe(error)
    return {
        general.EXCEPTION_TYPE: described.exception_type,
        general.EXCEPTION_MESSAGE: described.message,
        general.EXCEPTION_STACKTRACE: "".join(traceback.format_exception(error)),
    }
