"""Brings recording up in a process, once and without exceptions: settings, run, sealer, journal, provider."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from tachograph.distro.exits import Exit
from tachograph.distro.plugins import instrument
from tachograph.run.plugin_table import ALWAYS
from tachograph.run.settings_loader import load_or_default
from tachograph.runtime.fault_filter import quieten
from tachograph.runtime.interpreter import is_main
from tachograph.runtime.recording import install, recorder
from tachograph.sending.signals import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.sdk.resources import Resource

    from tachograph.distro.failure import Failure
    from tachograph.distro.foreign_logger_provider import Logs
    from tachograph.distro.foreign_meter_provider import Metrics
    from tachograph.distro.foreign_tracer_provider import Traces
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.errors import SettingsError
    from tachograph.recorder import ProcessRecorder
    from tachograph.redaction.policy import Policy
    from tachograph.run.settings import Settings
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

_MOST_ENDED = 64

_lock = threading.RLock()
_active: Activation | None = None
_tried = False


class Activation:
    """What was brought up in this process, for what comes later: a fork, the end, another provider.

    Parameters
    ----------
    recorder
        Records the process.
    traces, logs, metrics
        The parts of the OpenTelemetry API; no `metrics` if nobody wants them.
    opened_run
        Whether this process opened the run rather than joined it.
    grace_s
        How long the end of the process waits until the run is sent, in s; None if nothing is sent.

    Attributes
    ----------
    exit
        The ways the process leaves.
    failure
        The error that ended the program, None if none has.
    ended_threads
        The file and line of each frame in the tracebacks of the latest errors that ended a thread.
    """

    def __init__(
        self,
        recorder: ProcessRecorder,
        traces: Traces,
        logs: Logs,
        metrics: Metrics | None,
        *,
        opened_run: bool,
        grace_s: float | None,
    ) -> None:
        self.recorder = recorder
        self.traces = traces
        self.logs = logs
        self.metrics = metrics
        self.opened_run = opened_run
        self._grace_s = grace_s
        self.exit = Exit(self.close, self.release)
        self.failure: Failure | None = None
        self.ended_threads: deque[list[tuple[str, int | None]]] = deque(maxlen=_MOST_ENDED)
        self._closed = False

    def close(self, by: str | None = None) -> None:
        """Write how the process ended. Runs at exit, after the handlers of the program.

        Parameters
        ----------
        by
            Name of the signal that the process is about to end itself with; None if it ends otherwise.
        """
        if self._closed:
            return
        self._closed = True
        for signal in (self.metrics, self.logs, self.traces):
            try:
                if signal is not None:
                    signal.close()
            except Exception:
                _logger.debug("tachograph: a signal was not ended in order", exc_info=True)
        try:
            self.recorder.close(
                self._run_end() if self.opened_run else None,
                self._process_end(by),
                keep_open=self.exit.children_follow,
            )
            if self._grace_s is not None:
                self._wait_until_sent(self._grace_s)
        except Exception:
            _logger.debug("tachograph: the journal was not closed in order", exc_info=True)

    def release(self) -> None:
        """Close the journal, if it was kept open to record how children end."""
        self.recorder.release(self._process_end(None))

    def _wait_until_sent(self, grace_s: float) -> None:
        from tachograph.sending.sender_process import wait_until_sent

        # Under the launcher that is the launcher's business.
        name = self.recorder.writer.name
        if name is not None and self.opened_run:
            wait_until_sent(self.recorder.run_dir, grace_s, name)

    def _run_end(self) -> Mapping[str, Any]:
        if self.failure is None:
            # The interpreter does not reveal its exit code; an exception that escaped does.
            return {"outcome": "completed", "reason": None, "exit_code": None, "signal": None}
        if self.failure.interrupted:
            return {"outcome": "interrupted", "reason": "KeyboardInterrupt", "exit_code": 130, "signal": "SIGINT"}
        return {"outcome": "failed", "reason": self.failure.name, "exit_code": 1, "signal": None}

    def _process_end(self, by: str | None) -> Mapping[str, Any]:
        ended = {} if by is None else {"signal": by}
        if self.failure is None:
            return ended
        return {**ended, **{key: value for key, value in self._run_end().items() if key in {"outcome", "reason"}}}

    def after_fork(self) -> None:
        """In a forked child: join the same run with a new journal."""
        global _lock
        # Another thread of the parent's may have held it.
        _lock = threading.RLock()
        self.opened_run = False
        self.failure = None
        self._closed = False
        self.traces.after_fork()
        self.recorder.after_fork(self.traces.ours.resource.attributes)
        self.logs.after_fork()
        if self.metrics is not None:
            self.metrics.after_fork()
        self.exit.after_fork()


def activation() -> Activation | None:
    """What was brought up in this process, None if nothing was."""
    return _active


def activate(settings: Settings | None = None) -> Recorder | None:
    """Bring recording up in this process, once.

    Parameters
    ----------
    settings
        The settings; None means those of the environment and the project's file.

    Returns
    -------
    Recorder or None
        The recorder, None when recording is off or could not be brought up; the reason is logged as one warning.
    """
    global _active, _tried
    with _lock:
        if _tried:
            return recorder()
        _tried = True
        if not is_main():
            return None
        try:
            chosen = settings or load_or_default(_warn_of_settings)
            if chosen.level == "off" or os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
                return None
            _active = _bring_up(chosen)
            for plugin in ALWAYS:
                instrument(plugin)
        except Exception as error:
            detail = f"{error}" if isinstance(error, OSError | ValueError) else f"{type(error).__name__}: {error}"
            _logger.warning("tachograph: this process is not recorded: %s", detail)
            return None
        return recorder()


def _warn_of_settings(error: SettingsError) -> None:
    from tachograph.errors import UnreadableSettingsError

    if isinstance(error, UnreadableSettingsError):
        # The file may ask for redaction that is not known here.
        raise error
    _logger.warning("tachograph: %s Default settings are used.", error)


def _policy(settings: Settings) -> Policy | None:
    if not settings.redaction:
        return None
    from tachograph.redaction.configuration import policy_of

    return policy_of(settings.redaction, settings.source)


def _bring_up(settings: Settings) -> Activation:
    from tachograph.distro.foreign_logger_provider import Logs
    from tachograph.distro.foreign_tracer_provider import Traces
    from tachograph.distro.run_membership import caller, facts, find_or_open, refuse_configuration_file, start_sending
    from tachograph.distro.sealed_processors import SealedProcessors
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.recorder import JournalSpanProcessor, ProcessRecorder
    from tachograph.redaction import Sealer, installation_key

    quieten()
    # Before anything is written: without the rules that are asked for nothing is recorded.
    sealer = Sealer(installation_key(), os.environ, _policy(settings))
    run_id, run_dir, opened_run = find_or_open(settings)
    resource = _resource()
    sent = signals(os.environ, settings)
    on_open = partial(start_sending, run_dir, settings) if sent else None
    process = ProcessRecorder(run_id, run_dir, settings, sealer, resource.attributes, on_open=on_open)
    if opened_run:
        process.open_run(facts(settings))
    processor = JournalSpanProcessor(process)
    provider = RecordingProvider(resource, SealedProcessors(processor, sealer), caller())
    process.make_journal_only_tracer = provider.journal_only_tracer
    active = Activation(
        process,
        Traces(provider, processor),
        Logs(process, provider),
        _metrics(process, provider) if _wants_metrics(sent) else None,
        opened_run=opened_run,
        grace_s=settings.otlp_grace_s if sent else None,
    )
    active.traces.place()
    active.logs.watch()
    if active.metrics is not None:
        active.metrics.place()
    install(process)
    if opened_run:
        refuse_configuration_file()
    active.exit.watch()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=active.after_fork)
    return active


def _wants_metrics(sent: Sequence[str]) -> bool:
    """Whether anybody wants metrics: they are sent on, or the environment names an exporter of them."""
    named = os.environ.get("OTEL_METRICS_EXPORTER", "")
    return "metrics" in sent or any(name.strip().lower() not in {"", "none", "otlp"} for name in named.split(","))


def _metrics(process: ProcessRecorder, provider: RecordingProvider) -> Metrics:
    from tachograph.distro.foreign_meter_provider import Metrics

    return Metrics(process, provider)


def _resource() -> Resource:
    from opentelemetry.sdk.resources import Resource

    from tachograph.run.resource import resource as process_resource

    resource = Resource(process_resource(os.environ))
    return _detected(resource) if os.environ.get("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS") else resource


def _detected(resource: Resource) -> Resource:
    """A resource with what the program's detectors add to it, if they do so within 2 s.

    The SDK waits for their threads, and they may wait for us: for the module whose import has brought us here.
    """
    detected: list[Resource] = []
    create: Callable[[dict[str, Any]], Resource] = resource.__class__.create

    def detect() -> None:
        try:
            detected.append(create(dict(resource.attributes)))
        except Exception:
            _logger.debug("tachograph: the resource could not be detected", exc_info=True)

    thread = threading.Thread(target=detect, name="tachograph", daemon=True)
    thread.start()
    thread.join(2.0)
    return detected[0] if detected else resource
