"""Writes what a process records to its journal; everything passes through the sealer."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import TYPE_CHECKING, Any, cast

import orjson

from tachograph._version import __version__
from tachograph.journal import ContentStore, JournalWriter, RecordBuilder, SpanIds, deletion, this_process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, Tracer

    from tachograph.redaction import Sealer
    from tachograph.run import Settings
    from tachograph.run_status import RunStatus
    from tachograph.runtime import Message

_logger = logging.getLogger("tachograph")

_MOST_SCOPES = 4096


class ProcessRecorder:
    """Records one process into one run.

    Parameters
    ----------
    run_id
        The run's UUID4.
    run_dir
        The run's folder.
    settings
        The settings of the run.
    sealer
        Redacts what is written.
    resource
        Attributes of the OpenTelemetry resource; they are written once a file, with the process record.
    on_open
        Called after the first file of the journal was opened; after a fork once more.

    Attributes
    ----------
    content_prefix
        What the ids of content begin with: random, and different in each process and file.
    make_journal_only_tracer
        Makes a tracer, for a scope and its version, whose spans are written to the journal only. It comes from the
        provider, which is made after the recorder; None as long as there is no provider.
    others_report_calls
        Whether another instrumentation reports the calls of models to the program's own exporters.
    scopes
        The instrumentation scopes that the current file has a record of.
    faults
        Number of records that were lost to an error of the recorder; the last record of the process has it.
    """

    def __init__(
        self,
        run_id: str,
        run_dir: Path,
        settings: Settings,
        sealer: Sealer,
        resource: Mapping[str, Any],
        *,
        on_open: Callable[[], None] | None = None,
    ) -> None:
        self.run_id = run_id
        self.run_dir = run_dir
        self.content_on = settings.content and settings.level in {"info", "debug"}
        self.errors_only = settings.level == "error"
        self.sealer = sealer
        self.builder = RecordBuilder(run_id, sealer)
        self._resource = resource
        self.disabled = frozenset(settings.disabled)
        self.writer = JournalWriter(
            run_dir,
            self._process_line,
            max_file_bytes=int(settings.max_file_size_mb * 1_000_000),
            max_files=settings.max_files,
            on_rotate=self._forget,
            on_open=on_open,
        )
        self.write = self.writer.write
        self._store = ContentStore(self.write, self.builder)
        self.content_prefix = self._store.prefix
        self.make_journal_only_tracer: Callable[[str, str | None], Tracer] | None = None
        self.others_report_calls = False
        self.scopes: set[str | None] = {None}
        self._has_ended = False
        self.faults = 0

    def _forget(self) -> None:
        self._store.forget()
        self.content_prefix = self._store.prefix
        self.scopes = {None}

    def own_provider(self) -> None:
        """Write that from here on the program's own TracerProvider has the spans, and its exporters get them."""
        self.write(self.builder.process_own_provider())

    def after_fork(self, resource: Mapping[str, Any]) -> None:
        """In a forked child, begin a new journal.

        Parameters
        ----------
        resource
            Attributes of the child's resource.
        """
        self._resource = resource
        self.faults = 0
        self._has_ended = False
        self.builder.after_fork()
        self.writer.after_fork()
        self._forget()

    def scope(self, scope: InstrumentationScope) -> None:
        """Write the version, schema and attributes of a scope, which spans do not repeat; once a file."""
        if len(self.scopes) >= _MOST_SCOPES:
            # A program that generates names of scopes: some scopes are written once more.
            self.scopes.clear()
        self.scopes.update((None, scope.name))
        self.write(self.builder.scope(scope.name, scope.version, scope.schema_url, scope.attributes))

    def _process_line(self) -> bytes:
        return self.builder.process_start(
            this_process(), ppid=os.getppid(), start_ns=time.time_ns(), resource=self._resource
        )

    def fault(self) -> None:
        """Count a record that was lost to an error of the recorder."""
        self.faults += 1

    def open_run(self, facts: Mapping[str, Any]) -> None:
        """Write that this process opened the run, with the facts that are known of it."""
        self.write(self.builder.run_start(facts, time.time_ns()))

    def close(
        self,
        run_end: Mapping[str, Any] | None,
        process_end: Mapping[str, Any] | None = None,
        *,
        keep_open: bool = False,
    ) -> None:
        """Write how the run and the process ended and how much was dropped, then close the journal.

        The process that opened the run warns if its folder was deleted in the meantime.

        Parameters
        ----------
        run_end
            How the run ended; None in a process that joined it.
        process_end
            What is known of the end of the process: ``outcome`` and ``reason`` if an error ended it, ``signal`` if it
            is about to end itself with one.
        keep_open
            Whether the file stays open to record how children end.
        """
        if run_end is not None:
            self.write(self.builder.run_end(run_end, time.time_ns()))
        dropped = {"records": self.writer.dropped, "faults": self.faults}
        last = self.builder.process_end(dropped, time.time_ns(), process_end)
        if not keep_open:
            self.writer.close(last)
        elif self.writer.opened:
            self.write(last)
            self._has_ended = True
        if run_end is not None and (deleted := deletion(self.run_dir, opened=self.writer.opened)) is not None:
            _logger.warning("tachograph: %s", deleted)

    def release(self, process_end: Mapping[str, Any]) -> None:
        """Close a journal that :meth:`close` has kept open.

        Parameters
        ----------
        process_end
            As for :meth:`close`; written if the first record came after that.
        """
        if self._has_ended:
            self.writer.close()
        else:
            self.close(None, process_end)

    def child_ended(self, pid: int, exit_code: int) -> None:
        """See :class:`tachograph.runtime.Recorder`."""
        try:
            code, signal_name = (exit_code, None) if exit_code >= 0 else (None, _signal_name(-exit_code))
            self.write(self.builder.process_child(pid, time.time_ns(), code, signal_name))
        except Exception:
            self.faults += 1

    # The seam to the program: none of these may raise.

    def chain(self, messages: Sequence[object], normalise: Callable[[object], Message]) -> str | None:
        """See :class:`tachograph.runtime.Recorder`."""
        try:
            return self._store.chain(messages, normalise)
        except Exception:
            self.faults += 1
            return None

    def content(self, message: Message) -> str | None:
        """See :class:`tachograph.runtime.Recorder`."""
        try:
            return self._store.message(message)
        except Exception:
            self.faults += 1
            return None

    def sealed(self, value: Mapping[str, object]) -> dict[str, Any]:
        """See :class:`tachograph.runtime.Recorder`."""
        return cast("dict[str, Any]", orjson.loads(self.sealer.json(value, {})))

    def secret(self, value: object) -> None:
        """See :class:`tachograph.runtime.Recorder`."""
        self.sealer.know(value)

    def journal_only_tracer(
        self, scope: str, *, already_reported: bool, version: str | None = __version__
    ) -> Tracer | None:
        """See :class:`tachograph.runtime.Recorder`."""
        return (
            self.make_journal_only_tracer(scope, version)
            if self.make_journal_only_tracer is not None and (already_reported or self.others_report_calls)
            else None
        )

    def event(self, name: str, fields: Mapping[str, object], context: SpanContext | None) -> None:
        """See :class:`tachograph.runtime.Recorder`."""
        if name in self.disabled or (self.errors_only and name != "error"):
            return
        try:
            span = None
            if context is not None and context.is_valid:
                span = SpanIds(f"{context.trace_id:032x}", f"{context.span_id:016x}")
            self.write(self.builder.event(name, fields, time.time_ns(), span))
        except Exception:
            self.faults += 1

    def facts(self, facts: Mapping[str, object]) -> None:
        """See :class:`tachograph.runtime.Recorder`."""
        try:
            self.write(self.builder.run_facts(facts))
        except Exception:
            self.faults += 1

    def outcome(self, outcome: RunStatus, reason: str | None) -> None:
        """See :class:`tachograph.runtime.Recorder`."""
        try:
            self.write(self.builder.run_outcome(outcome, reason))
        except Exception:
            self.faults += 1


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
