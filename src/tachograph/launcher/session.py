"""One run from its first word to its report."""

from __future__ import annotations

import logging
import os
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph.journal import base_dir, create_run_dir
from tachograph.launcher.child import Child, Ended, StartError, die_by, find
from tachograph.launcher.child import replace as become
from tachograph.launcher.names import run_name
from tachograph.launcher.outcomes import outcome
from tachograph.runtime import environment
from tachograph.runtime.facts import run_facts
from tachograph.runtime.otlp import configuration_file_refused, signals
from tachograph.runtime.settings import ENV_RUN, ENV_RUN_DIR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tachograph.launcher.journal import LauncherJournal
    from tachograph.report import RunReport
    from tachograph.runtime.settings import Settings


_logger = logging.getLogger("tachograph")


class RunDirError(Exception):
    """There is no place for the run's folder; the message says what to do."""


def launch(
    command: Sequence[str], settings: Settings, *, closing: Callable[[RunReport, Path], str] | None = None
) -> int:
    """Run a command and record it.

    Inside of a run the command becomes part of it; at level off it is run and nothing else. In both cases this process
    becomes the command. A command that a signal ends takes this process with it.

    Parameters
    ----------
    command
        The command and its arguments, at least one word.
    settings
        The settings of the run.
    closing
        Gives the line that is said at the end where standard error is a terminal, from the report and the run's
        folder; None for no line.

    Returns
    -------
    int
        The command's exit code.

    Raises
    ------
    StartError
        When the command cannot be started.
    RunDirError
        When the run's folder cannot be made.
    RedactionError
        When a setting of redaction cannot be used.
    """
    if settings.level == "off":
        become(command, environment.not_recorded(os.environ, settings))
    if _inside_a_run():
        become(command, environment.with_hook(os.environ))
    find(command[0], os.environ)
    if path := os.environ.get("OTEL_CONFIG_FILE"):
        _logger.warning("tachograph: %s", configuration_file_refused(path))

    if settings.redaction:
        from tachograph.redaction.configuration import policy_of

        # What cannot be used is said before the command is started.
        policy_of(settings.redaction, settings.source)

    run_id = str(uuid.uuid4())
    base, run_dir = _make_run_dir(settings.directory, run_id)
    # The children may work in other folders than the one the path is relative to.
    settings = replace(settings, directory=str(base))
    span = environment.RunSpan.below(os.environ)
    environ = environment.recorded(os.environ, run_id, run_dir, settings, span)
    start_ns = time.time_ns()

    journal: LauncherJournal | None = None
    shipped = False

    def begin() -> None:
        nonlocal journal, shipped
        journal = _begun(command, settings, run_id, run_dir, environ, span, start_ns)
        shipped = child is not None and _ship(run_dir, settings)

    child: Child | None = None
    try:
        child = Child(command, environ)
    except StartError as error:
        begin()
        if journal is not None:
            journal.end({"outcome": "failed", "reason": str(error), "exit_code": error.exit_code, "signal": None})
        raise
    ended = child.wait(begin)
    if journal is not None:
        journal.end(outcome(ended))
    if shipped:
        _wait_for_shipping(run_dir, settings)
    _report(base, run_dir, settings, closing)
    return _exit_like(ended)


def _begun(
    command: Sequence[str],
    settings: Settings,
    run_id: str,
    run_dir: Path,
    environ: Mapping[str, str],
    span: environment.RunSpan,
    start_ns: int,
) -> LauncherJournal | None:
    try:
        # The redaction's import takes longer than all the launcher does before: the command runs meanwhile.
        from tachograph.launcher.journal import LauncherJournal
        from tachograph.redaction.configuration import policy_of

        journal = LauncherJournal(run_id, run_dir, environ, policy_of(settings.redaction, settings.source))
        facts = run_facts(command, Path(_working_directory()))
        journal.begin({**facts, "name": settings.name or run_name(command)}, span, start_ns)
    except Exception:
        # The command runs, somebody has to wait for it.
        _logger.warning("tachograph: the start of the run is not recorded", exc_info=True)
        return None
    return journal


def _ship(run_dir: Path, settings: Settings) -> bool:
    """Have the run sent on while it goes on, where that is wanted; whether it is."""
    try:
        if not signals(os.environ, settings):
            return False
        from tachograph.journal import shipping

        shipping.ship(run_dir, environment.not_recorded(os.environ, settings))
    except Exception as error:
        # The command runs, somebody has to wait for it.
        _logger.warning("tachograph: nothing is sent over OTLP: %s. Send it later: tacho push %s", error, run_dir.name)
        return False
    return True


def _wait_for_shipping(run_dir: Path, settings: Settings) -> None:
    from tachograph.journal import shipping

    with suppress(OSError, KeyboardInterrupt):
        shipping.wait(run_dir, settings.otlp_grace_s)


def _inside_a_run() -> bool:
    run_dir = os.environ.get(ENV_RUN_DIR)
    return bool(os.environ.get(ENV_RUN) and run_dir) and Path(str(run_dir)).is_dir()


def _working_directory() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a Path of it is made by the caller
    except FileNotFoundError:
        return os.environ.get("PWD", os.sep)


def _make_run_dir(directory: str | None, run_id: str) -> tuple[Path, Path]:
    """The `.tachograph` folder and the run's own in it."""
    instead = "Choose another folder with --dir, or run without recording: --level off"
    try:
        base = base_dir(directory)
    except FileNotFoundError as error:
        raise RunDirError(f"the working directory does not exist any more. {instead}") from error
    try:
        run_dir = create_run_dir(base, run_id, datetime.now(UTC))
        if os.access(run_dir, os.W_OK | os.X_OK):
            return base, run_dir
        detail = "it cannot be written"
    except OSError as error:
        detail = f"{error.strerror} ({error.filename})" if error.filename else str(error)
    raise RunDirError(f"the run cannot be kept in {base}: {detail}. {instead}")


def _report(base: Path, run_dir: Path, settings: Settings, closing: Callable[[RunReport, Path], str] | None) -> None:
    """Fold what was recorded and say the result; a failure of either is not the command's."""
    errors: Any = sys.stderr
    # It is None where the caller closed it.
    say = closing if errors is not None and errors.isatty() else None
    try:
        # Not before the command has ended: it would have waited for it.
        from tachograph.report import Store

        report = Store(base, rates=settings.rates, currency=settings.currency).report(run_dir)
        line = say(report, run_dir) if say else ""
    except (Exception, KeyboardInterrupt) as error:
        line = f"no report was made ({type(error).__name__}: {error}). The journals are kept in {run_dir}"
    if say:
        with suppress(OSError):
            print(f"tacho: {line}", file=errors)


def _exit_like(ended: Ended) -> int:
    if ended.signal is None:
        return ended.exit_code or 0
    die_by(ended.signal)
    return 128 + ended.signal
