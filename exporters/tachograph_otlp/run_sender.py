"""Ships one run: all of its signals, while it goes on and until everything is sent or the time is up."""

from __future__ import annotations

import os
import re
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from tachograph.errors import UnusableError
from tachograph.journal import is_alive, journal_files
from tachograph.redaction import Sealer, installation_key
from tachograph.redaction.configuration import policy_of
from tachograph.sending.progress import Progress, SignalProgress
from tachograph_otlp.batches import Feed
from tachograph_otlp.genai_metrics_signal import GenAIMetricsSender
from tachograph_otlp.log_reader import LogReader
from tachograph_otlp.program_metrics import Points, packed
from tachograph_otlp.signal import SignalSender
from tachograph_otlp.span_reader import SpanReader
from tachograph_otlp.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tachograph.run.settings import Settings

_LOOK_S = 0.1
_FIRST_JOURNAL_S = 10
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_CAPTURED_ON_SPANS = frozenset({"SPAN_ONLY", "SPAN_AND_EVENT"})
_CAPTURED_ON_EVENTS = frozenset({"EVENT_ONLY", "SPAN_AND_EVENT"})


class RunSender:
    """Everything of one run that is sent on.

    Parameters
    ----------
    run_dir
        The run's folder.
    settings
        The settings.
    wanted
        The signals that are sent.
    again
        Whether what was sent before is sent once more.
    """

    def __init__(self, run_dir: Path, settings: Settings, wanted: Sequence[str], *, again: bool = False) -> None:
        self.run_dir = run_dir
        self.progress = Progress() if again else Progress.read(run_dir)
        self._closed = False
        self._lock = threading.Lock()
        captured = os.environ.get(_CAPTURE, "").upper()
        event_content = settings.otlp_content or captured in _CAPTURED_ON_EVENTS
        own_provider = settings.otlp_own_provider
        makers: dict[str, Callable[[], Any]] = {
            "traces": partial(
                SpanReader,
                content=settings.otlp_content or captured in _CAPTURED_ON_SPANS,
                event_content=event_content,
                events="logs" not in wanted,
                own_provider=own_provider,
            ),
            "logs": partial(LogReader, event_content=event_content, own_provider=own_provider),
            "metrics": partial(Points, own_provider=own_provider),
        }
        self._makers = makers
        sealer = Sealer(installation_key(), os.environ, policy_of(settings.redaction, settings.source))

        def seal(text: str) -> str:
            return sealer.text(text, {})

        self._streams: list[Any] = []
        self._calls: GenAIMetricsSender | None = None
        for signal in wanted:
            state = self.progress.signals.setdefault(signal, SignalProgress(""))
            state.failure = None
            try:
                sender = Transport(signal, os.environ, seal)
            except UnusableError as error:
                state.failure = seal(str(error))
                continue
            if state.endpoint not in ("", sender.endpoint):
                # Another receiver has none of it.
                state = self.progress.signals[signal] = SignalProgress("")
            state.endpoint = sender.endpoint
            feed: Feed[Any] = Feed(run_dir, state.files, makers[signal])
            self._streams.append(SignalSender(sender, feed, state, self._save, packed if signal == "metrics" else None))
            if signal == "metrics":
                self._calls = GenAIMetricsSender(sender, run_dir, state, self._save)
                self._streams.append(self._calls)
        self._save()

    def push(self) -> bool:
        """Send a batch of each signal; whether there may be more at once."""
        more = False
        for stream in self._streams:
            more = stream.push() or more
        return more

    def flush(self) -> None:
        """Hold nothing back from here on."""
        for stream in self._streams:
            stream.flush()

    def is_done(self) -> bool:
        """Whether nothing more can be sent."""
        return all(stream.stopped or stream.is_done() for stream in self._streams)

    def follow(self, grace_s: float) -> bool:
        """Ship while the run goes on, and for a while after its end.

        Parameters
        ----------
        grace_s
            How long after it, in s.

        Returns
        -------
        bool
            Whether nothing is being sent any more; if not, another thread waits for a receiver.
        """
        over = threading.Event()
        worker = threading.Thread(target=self._follow, args=(over,), daemon=True)
        worker.start()
        deadline: float | None = None
        begun = time.monotonic()
        seen = False
        while worker.is_alive():
            worker.join(_LOOK_S)
            alive = _is_alive(self.run_dir)
            seen = seen or alive or bool(_journals(self.run_dir))
            if alive or (not seen and time.monotonic() < begun + _FIRST_JOURNAL_S):
                deadline = None
                over.clear()
            elif deadline is None:
                deadline = time.monotonic() + grace_s
                over.set()
            elif time.monotonic() >= deadline:
                break
        self.close("not sent in time")
        return not worker.is_alive()

    def _follow(self, over: threading.Event) -> None:
        while True:
            # Asked before the journals are read: what was written until then is seen by this round.
            last = over.is_set()
            if last:
                self.flush()
            if self.push():
                continue
            if last and over.is_set() and self.is_done():
                return
            time.sleep(_LOOK_S)

    def close(self, failure: str) -> None:
        """Count what is left and write it down.

        Parameters
        ----------
        failure
            Why it was left, where no attempt has failed.
        """
        for signal, state in self.progress.signals.items():
            maker = self._makers.get(signal)
            if maker is None:
                continue
            feed: Feed[Any] = Feed(self.run_dir, state.files, maker)
            state.waiting = sum(len(batch.items) for batch in feed.batches())
            if signal == "metrics" and self._calls is not None:
                state.waiting += self._calls.waiting()
            if state.waiting and state.failure is None:
                state.failure = failure
        self._save()
        with self._lock:
            self._closed = True

    def _save(self) -> None:
        with self._lock:
            if not self._closed:
                # Without it everything is sent once more the next time, under the same ids.
                with suppress(OSError):
                    self.progress.write(self.run_dir)


def _journals(run_dir: Path) -> list[Any]:
    try:
        return journal_files(run_dir)
    except OSError:
        return []


def _is_alive(run_dir: Path) -> bool:
    return any(is_alive(parts) for parts in _journals(run_dir))


def into_environment(settings: Settings) -> None:
    """Put what the settings say of OTLP into this process's environment, where that says nothing.

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


def _value(found: re.Match[str]) -> str:
    return os.environ.get(found[1], "")
