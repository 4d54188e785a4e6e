"""Brings recording up in a process, once and without exceptions: settings, run, sealer, journal, provider."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
import uuid
from collections import deque
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph.distro.exits import Exit
from tachograph.distro.logs_api import Logs
from tachograph.distro.metrics_api import Metrics, wanted
from tachograph.distro.plugins import instrument
from tachograph.distro.targets import ALWAYS
from tachograph.run.settings import (
    ENV_RUN,
    ENV_RUN_DIR,
    ENV_SETTINGS,
    Settings,
    SettingsError,
    UnreadableSettingsError,
    load,
)
from tachograph.runtime.fault_filter import quieten
from tachograph.runtime.interpreter import is_main
from tachograph.runtime.recording import install, recorder
from tachograph.sending.signals import configuration_file_refused, signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import SpanContext

    from tachograph.distro.uncaught import Failure
    from tachograph.redaction.policy import Policy
    from tachograph.runtime.recording import Recorder

_logger = logging.getLogger("tachograph")

_EXPORTER = "tachograph.recorder"
"""The plug-in that writes the journal; by name, for the core imports no plug-in."""

_MOST_ENDED = 64

_lock = threading.RLock()
_active: Activation | None = None
_tried = False


class Activation:
    """What was brought up in this process, for the things that come later: fork, exit, another provider.

    Attributes
    ----------
    recorder
        The recorder, a `tachograph.recorder.ProcessRecorder`.
    provider
        Our own provider, whether or not it is the global one.
    opened_run
        Whether this process opened the run rather than joined it.
    exit
        The ways the process leaves.
    logs
        The Logs API.
    metrics
        The Metrics API; None where nobody wants metrics.
    ended_threads
        The file and line of each frame in the tracebacks of the latest errors that ended a thread.
    """

    def __init__(self, made: Any, provider: Any, *, opened_run: bool, grace_s: float | None = None) -> None:
        self.recorder = made
        self.provider = provider
        self.opened_run = opened_run
        self._grace_s = grace_s
        self.exit = Exit(self.close, self.release)
        self.logs = Logs(self)
        self.metrics: Metrics | None = None
        self.failure: Failure | None = None
        self.ended_threads: deque[list[tuple[str, int | None]]] = deque(maxlen=_MOST_ENDED)
        self._closed = False

    def close(self, by: str | None = None) -> None:
        """Write how the process ended. Runs at exit, after the program's own handlers.

        Parameters
        ----------
        by
            Name of the signal that the process is about to end itself with; None where it ends otherwise.
        """
        if self._closed:
            return
        self._closed = True
        for end in (self.metrics and self.metrics.close, self.logs.close, self.provider.shutdown):
            try:
                if end is not None:
                    end()
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
        """Close the journal where it was kept open for how children end."""
        self.recorder.release(self._process_end(None))

    def _wait_until_sent(self, grace_s: float) -> None:
        from tachograph.sending.process import wait_until_sent

        # Under the launcher that is the launcher's business.
        name = self.recorder.writer.name
        if name is not None and self.opened_run:
            wait_until_sent(self.recorder.run_dir, grace_s, name)

    def _run_end(self) -> Mapping[str, Any]:
        if self.failure is None:
            # The interpreter does not tell its exit code to anybody; an exception that escaped it does.
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
        """In a forked child: a member of the same run with a journal of its own."""
        global _lock
        # Another thread of the parent's may have held it.
        _lock = threading.RLock()
        self.opened_run = False
        self.failure = None
        self._closed = False
        self.provider.after_fork()
        self.recorder.after_fork(self.provider.resource.attributes)
        self.logs.after_fork()
        if self.metrics is not None:
            self.metrics.after_fork()
        self.exit.after_fork()


def activation() -> Activation | None:
    """What is active in this process, None where nothing is."""
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
            chosen = settings or _settings()
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


def _settings() -> Settings:
    try:
        return load()
    except UnreadableSettingsError:
        # It may ask for redaction that nobody knows of here.
        raise
    except SettingsError as error:
        _logger.warning("tachograph: %s Default settings are used.", error)
        return Settings()


def _policy(settings: Settings) -> Policy | None:
    if not settings.redaction:
        return None
    from tachograph.redaction.configuration import policy_of

    return policy_of(settings.redaction, settings.source)


def _bring_up(settings: Settings) -> Activation:
    from opentelemetry import trace
    from opentelemetry.sdk.resources import Resource

    from tachograph.distro.foreign_provider import Placeholder, adopt, give_way, set_quietly
    from tachograph.distro.sealed_processors import SealedProcessors
    from tachograph.distro.tracer_provider import RecordingProvider
    from tachograph.instrument import logs
    from tachograph.redaction import Sealer, installation_key
    from tachograph.run.resource import resource as process_resource

    quieten()
    # Before anything is written: without the rules that are asked for nothing is recorded.
    sealer = Sealer(installation_key(), os.environ, _policy(settings))
    run_id, run_dir, opened = _run(settings)
    plugin = importlib.import_module(_EXPORTER)
    resource = Resource(process_resource(os.environ))
    if os.environ.get("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS"):
        resource = _detected(resource)
    made = plugin.ProcessRecorder(run_id, run_dir, settings, sealer, resource.attributes)
    sent = signals(os.environ, settings)
    if sent:
        made.on_open = partial(_start_sending, run_dir, settings)
    if opened:
        made.open_run(_facts(settings))
    processor = plugin.JournalSpanProcessor(made)
    provider = RecordingProvider(resource, SealedProcessors(processor, sealer), caller())
    made.own_tracer = provider.journal_only_tracer
    active = Activation(made, provider, opened_run=opened, grace_s=settings.otlp_grace_s if sent else None)

    current = trace.get_tracer_provider()
    if isinstance(current, trace.ProxyTracerProvider):
        names = os.environ.get("OTEL_TRACES_EXPORTER")
        if names and names not in ("otlp", "none"):
            from tachograph.distro.exporters import add_exporters

            add_exporters(provider, names)
        if set_quietly(Placeholder(provider)):
            give_way(provider, processor)
        else:
            # The program has set its own in the meantime.
            adopt(trace.get_tracer_provider(), provider, processor)
    else:
        adopt(current, provider, processor)
    active.logs.watch()
    if wanted(os.environ, sent):
        active.metrics = Metrics(active)
        active.metrics.place()
    install(made)
    if settings.logging != "off":
        logs.instrument(settings.logging)
    if opened:
        _refuse_configuration_file()
    active.exit.watch()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=active.after_fork)
    return active


def _detected(resource: Any) -> Any:
    """A resource with what the program's detectors tell of it, where they do so in 2 s.

    The SDK waits for their threads, and they may wait for us: for the module whose import has brought us here.
    """
    found: list[Any] = []
    kind: Any = resource.__class__

    def detect() -> None:
        try:
            found.append(kind.create(dict(resource.attributes)))
        except Exception:
            _logger.debug("tachograph: the resource could not be detected", exc_info=True)

    thread = threading.Thread(target=detect, name="tachograph", daemon=True)
    thread.start()
    thread.join(2.0)
    return found[0] if found else resource


def _refuse_configuration_file() -> None:
    if path := os.environ.get("OTEL_CONFIG_FILE"):
        _logger.warning("tachograph: %s", configuration_file_refused(path))


def _start_sending(run_dir: Path, settings: Settings) -> None:
    """Have the run sent, wherever it is not yet."""
    from tachograph.run.environment import not_recorded
    from tachograph.sending.process import start_sending

    try:
        start_sending(run_dir, not_recorded(os.environ, settings))
    except Exception as error:
        _logger.warning("tachograph: nothing is sent over OTLP: %s. Send it later: tacho push %s", error, run_dir.name)


def _run(settings: Settings) -> tuple[str, Path, bool]:
    """The run this process belongs to, and whether it has just opened it."""
    from tachograph.journal import make_place
    from tachograph.run.environment import with_hook

    run_id, run_dir = os.environ.get(ENV_RUN), os.environ.get(ENV_RUN_DIR)
    if run_id and run_dir:
        return run_id, Path(run_dir), False
    run_id = str(uuid.uuid4())
    place = make_place(settings.directory, run_id, datetime.now(UTC))
    if place.fallback is not None:
        _logger.warning("tachograph: %s", place.fallback)
    os.environ[ENV_RUN] = run_id
    os.environ[ENV_RUN_DIR] = str(place.run_dir)
    os.environ[ENV_SETTINGS] = settings.to_json()
    os.environ.update(with_hook(os.environ))
    return run_id, place.run_dir, True


def _facts(settings: Settings) -> dict[str, Any]:
    from tachograph.run.facts import run_facts, working_directory

    return {**run_facts(list(sys.orig_argv), working_directory()), "name": settings.name or _program_name()}


def _program_name() -> str:
    return Path(sys.argv[0]).name if sys.argv and sys.argv[0] else Path(sys.executable).name


def caller() -> SpanContext | None:
    """The span of the caller's that `TRACEPARENT` names, None where there is none or it is malformed."""
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {name.lower(): os.environ[name] for name in ("TRACEPARENT", "TRACESTATE") if os.environ.get(name)}
    if not carrier:
        return None
    context = TraceContextTextMapPropagator().extract(carrier)
    found = trace.get_current_span(context).get_span_context()
    return found if found.is_valid else None
