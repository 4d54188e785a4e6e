"""Sends all signals of one run while it is recorded, until everything is sent or the time is up."""

from __future__ import annotations

import os
import re
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from tachograph.errors import UnusableError
from tachograph.journal import is_alive, journal_files
from tachograph.redaction import Sealer, installation_key
from tachograph.redaction.configuration import policy_of
from tachograph.sending.progress import Progress, SignalProgress
from tachograph_otlp.batches import Batcher
from tachograph_otlp.genai_metrics_signal import GenAIMetricsSender
from tachograph_otlp.log_reader import LogReader
from tachograph_otlp.program_metrics import ProgramMetricReader, metrics_data
from tachograph_otlp.signal import SignalSender
from tachograph_otlp.span_reader import SpanReader
from tachograph_otlp.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tachograph.journal import JournalFile
    from tachograph.run.settings import Settings
    from tachograph_otlp.batches import ItemReader
    from tachograph_otlp.signal import Sender

_LOOK_S = 0.1
_FIRST_JOURNAL_S = 10
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_CAPTURED_ON_SPANS = frozenset({"SPAN_ONLY", "SPAN_AND_EVENT"})
_CAPTURED_ON_EVENTS = frozenset({"EVENT_ONLY", "SPAN_AND_EVENT"})


class RunSender:
    """Sends the signals of one run.

    Parameters
    ----------
    run_dir
        The run's folder.
    settings
        The settings of the run.
    signals
        The signals to send.
    resend
        Whether everything is sent, including what was already sent.

    Attributes
    ----------
    run_dir
        The run's folder.
    progress
        The progress of each signal.
    """

    def __init__(self, run_dir: Path, settings: Settings, signals: Sequence[str], *, resend: bool = False) -> None:
        self.run_dir = run_dir
        self.progress = Progress() if resend else Progress.read(run_dir)
        self._closed = False
        self._lock = threading.Lock()
        captured = os.environ.get(_CAPTURE, "").upper()
        event_content = settings.otlp_content or captured in _CAPTURED_ON_EVENTS
        own_provider = settings.otlp_own_provider
        new_metric_reader = partial(ProgramMetricReader, own_provider=own_provider)
        self._new_readers: dict[str, Callable[[], ItemReader[object]]] = {
            "traces": partial(
                SpanReader,
                content=settings.otlp_content or captured in _CAPTURED_ON_SPANS,
                event_content=event_content,
                events="logs" not in signals,
                own_provider=own_provider,
            ),
            "logs": partial(LogReader, event_content=event_content, own_provider=own_provider),
            "metrics": new_metric_reader,
        }
        sealer = Sealer(installation_key(), os.environ, policy_of(settings.redaction, settings.source))

        def seal(text: str) -> str:
            return sealer.text(text, {})

        self._senders: list[Sender] = []
        self._genai_metrics: GenAIMetricsSender | None = None
        for signal in signals:
            progress = self.progress.signals.setdefault(signal, SignalProgress(""))
            progress.failure = None
            try:
                transport = Transport(signal, os.environ, seal)
            except UnusableError as error:
                progress.failure = seal(str(error))
                continue
            if progress.endpoint not in ("", transport.endpoint):
                # Another receiver has none of it.
                progress = self.progress.signals[signal] = SignalProgress("")
            progress.endpoint = transport.endpoint
            if signal == "metrics":
                metrics = Batcher(run_dir, progress.files, new_metric_reader)
                self._senders.append(SignalSender(transport, metrics, progress, self._save, metrics_data))
                self._genai_metrics = GenAIMetricsSender(transport, run_dir, progress, self._save)
                self._senders.append(self._genai_metrics)
            else:
                items = Batcher(run_dir, progress.files, self._new_readers[signal])
                self._senders.append(SignalSender(transport, items, progress, self._save))
        self._save()

    def send(self) -> bool:
        """Send a batch of each signal; whether there may be more to send at once."""
        more = False
        for sender in self._senders:
            more = sender.send() or more
        return more

    def flush(self) -> None:
        """From now on, send everything without waiting for its time."""
        for sender in self._senders:
            sender.flush()

    def is_done(self) -> bool:
        """Whether nothing more can be sent."""
        return all(sender.stopped or sender.is_done() for sender in self._senders)

    def follow(self, grace_s: float) -> bool:
        """Send while the run goes on, and for a while after its end.

        Parameters
        ----------
        grace_s
            The longest time to go on after the end of the run, in s.

        Returns
        -------
        bool
            True if sending has stopped; False if another thread is still waiting for a receiver.
        """
        run_ended = threading.Event()
        worker = threading.Thread(target=self._follow, args=(run_ended,), daemon=True)
        worker.start()
        deadline: float | None = None
        begun = time.monotonic()
        has_begun = False
        while worker.is_alive():
            worker.join(_LOOK_S)
            alive = _is_alive(self.run_dir)
            has_begun = has_begun or alive or bool(_journals(self.run_dir))
            if alive or (not has_begun and time.monotonic() < begun + _FIRST_JOURNAL_S):
                deadline = None
                run_ended.clear()
            elif deadline is None:
                deadline = time.monotonic() + grace_s
                run_ended.set()
            elif time.monotonic() >= deadline:
                break
        self.close("not sent in time")
        return not worker.is_alive()

    def _follow(self, run_ended: threading.Event) -> None:
        while True:
            # Checked before the journals are read, so that this round reads everything written until now.
            is_last = run_ended.is_set()
            if is_last:
                self.flush()
            if self.send():
                continue
            if is_last and run_ended.is_set() and self.is_done():
                return
            time.sleep(_LOOK_S)

    def close(self, failure: str) -> None:
        """Count what is still to be sent and write the progress.

        Parameters
        ----------
        failure
            Why something is still to be sent, if no attempt has failed.
        """
        for signal, progress in self.progress.signals.items():
            new_reader = self._new_readers.get(signal)
            if new_reader is None:
                continue
            batcher = Batcher(self.run_dir, progress.files, new_reader)
            progress.waiting = sum(len(batch.items) for batch in batcher.batches())
            if signal == "metrics" and self._genai_metrics is not None:
                progress.waiting += self._genai_metrics.waiting()
            if progress.waiting and progress.failure is None:
                progress.failure = failure
        self._save()
        with self._lock:
            self._closed = True

    def _save(self) -> None:
        with self._lock:
            if not self._closed:
                # Without this file everything is sent once more the next time, under the same ids.
                with suppress(OSError):
                    self.progress.write(self.run_dir)


def _journals(run_dir: Path) -> list[list[JournalFile]]:
    try:
        return journal_files(run_dir)
    except OSError:
        return []


def _is_alive(run_dir: Path) -> bool:
    return any(is_alive(parts) for parts in _journals(run_dir))


def into_environment(settings: Settings) -> None:
    """Set the `OTEL_*` variables that the settings give for OTLP, unless this process's environment has them.

    Parameters
    ----------
    settings
        The settings.
    """
    values = {"OTEL_EXPORTER_OTLP_PROTOCOL": settings.otlp_protocol}
    if settings.otlp_endpoint:
        values["OTEL_EXPORTER_OTLP_ENDPOINT"] = settings.otlp_endpoint
    if settings.otlp_headers:
        from urllib.parse import quote

        values["OTEL_EXPORTER_OTLP_HEADERS"] = ",".join(
            f"{name}={quote(_VARIABLE.sub(_value, text))}" for name, text in settings.otlp_headers.items()
        )
    for name, value in values.items():
        os.environ.setdefault(name, value)


def _value(variable: re.Match[str]) -> str:
    return os.environ.get(variable[1], "")
