"""The run that a process belongs to: joined, or opened for itself and its children."""

from __future__ import annotations

import logging
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph.run.settings import ENV_RUN, ENV_RUN_DIR, ENV_SETTINGS, Settings
from tachograph.sending.signals import configuration_file_refused

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext

_logger = logging.getLogger("tachograph")


def refuse_configuration_file() -> None:
    """Warn if the environment names a configuration file of the SDK, which is not read."""
    if path := os.environ.get("OTEL_CONFIG_FILE"):
        _logger.warning("tachograph: %s", configuration_file_refused(path))


def start_sending(run_dir: Path, settings: Settings) -> None:
    """Start the process that sends the run over OTLP, unless one is running.

    Parameters
    ----------
    run_dir
        The folder of the run.
    settings
        The settings of the run.
    """
    from tachograph.run.environment import not_recorded
    from tachograph.sending import sender_process

    try:
        sender_process.start_sending(run_dir, not_recorded(os.environ, settings))
    except Exception as error:
        _logger.warning("tachograph: nothing is sent over OTLP: %s. Send it later: tacho push %s", error, run_dir.name)


def find_or_open(settings: Settings) -> tuple[str, Path, bool]:
    """The run this process belongs to: the one its environment names, else a new one, which its children join.

    Parameters
    ----------
    settings
        The settings of the run.

    Returns
    -------
    tuple
        The id of the run, its folder, and whether this process has opened it.
    """
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


def facts(settings: Settings) -> dict[str, Any]:
    """What is known of a run that this process opens."""
    from tachograph.run.facts import run_facts, working_directory

    return {**run_facts(list(sys.orig_argv), working_directory()), "name": settings.name or _program_name()}


def _program_name() -> str:
    return Path(sys.argv[0]).name if sys.argv and sys.argv[0] else Path(sys.executable).name


def caller() -> SpanContext | None:
    """The span of the caller that `TRACEPARENT` names, None if there is none or it is malformed."""
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {name.lower(): os.environ[name] for name in ("TRACEPARENT", "TRACESTATE") if os.environ.get(name)}
    if not carrier:
        return None
    context = TraceContextTextMapPropagator().extract(carrier)
    span_context = trace.get_current_span(context).get_span_context()
    return span_context if span_context.is_valid else None
