"""One run, from its command line to its report."""

from __future__ import annotations

import logging
import os
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tachograph.errors import PlaceError, RunDirError, StartError
from tachograph.journal import deletion, make_place
from tachograph.launcher.child import Child, Ended, die_by, find
from tachograph.launcher.child import replace as become
from tachograph.launcher.exit_outcome import outcome
from tachograph.launcher.run_name import run_name
from tachograph.run import environment
from tachograph.run.facts import run_facts, working_directory
from tachograph.run.settings import ENV_RUN, ENV_RUN_DIR
from tachograph.sending.signals import configuration_file_refused, signals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tachograph.journal import Place
    from tachograph.launcher.run_records import LauncherJournal
    from tachograph.report import RunReport
    from tachograph.run.settings import Settings


_logger = logging.getLogger("tachograph")


def launch(
    command: Sequence[str], settings: Settings, *, closing: Callable[[RunReport, Place], str] | None = None
) -> int:
    """Run a command and record it.

    Inside of a run the command becomes part of it; at level off it is run and nothing else. In both cases this process
    becomes the command. A command that a signal ends takes this process with it.

    When the project's folder cannot be written the run is kept in the user's state folder, and when that cannot be
    written either the command is run as at level off. One line on standard error reports it, and one that the run's
    folder was deleted while the command ran.

    Parameters
    ----------
    command
        The command and its arguments, at least one word.
    settings
        The settings of the run.
    closing
        Returns the line to print at the end if standard error is a terminal, from the report and the place of the run;
        None for no line.

    Returns
    -------
    int
        The command's exit code.

    Raises
    ------
    StartError
        When the command cannot be started.
    RunDirError
        When the run cannot be kept in the folder that the settings name.
    RedactionError
        When a setting of redaction cannot be used.
    """
    if settings.level == "off":
        become(command, environment.not_recorded(os.environ, settings))
    if inside_a_run():
        become(command, environment.with_hook(os.environ))
    find(command[0], os.environ)
    if path := os.environ.get("OTEL_CONFIG_FILE"):
        _logger.warning("tachograph: %s", configuration_file_refused(path))

    if settings.redaction:
        from tachograph.redaction.configuration import policy_of

        # A setting that cannot be used is reported before the command is started.
        policy_of(settings.redaction, settings.source)

    run_id = str(uuid.uuid4())
    place = _place(settings.directory, run_id)
    if place is None:
        become(command, environment.not_recorded(os.environ, replace(settings, level="off")))
    run_dir = place.run_dir
    # The children may work in other folders than the one the path is relative to.
    settings = replace(settings, directory=str(place.base))
    span = environment.RunSpan.below(os.environ)
    environ = environment.recorded(os.environ, run_id, run_dir, settings, span)
    start_ns = time.time_ns()

    journal: LauncherJournal | None = None
    sent = False

    def begin() -> None:
        nonlocal journal, sent
        journal = _begun(command, settings, run_id, run_dir, environ, span, start_ns)
        sent = child is not None and _start_sending(run_dir, settings)

    child: Child | None = None
    try:
        child = Child(command, environ)
    except StartError as error:
        begin()
        if journal is not None:
            journal.end({"outcome": "failed", "reason": str(error), "exit_code": error.exit_code, "signal": None})
        raise
    ended = child.wait(begin)
    deleted = deletion(run_dir, opened=journal is not None and journal.opened)
    if journal is not None:
        journal.end(outcome(ended))
    if deleted is not None:
        _say(deleted)
    else:
        if sent:
            _wait_until_sent(run_dir, settings)
        _report(place, settings, closing)
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
        from tachograph.launcher.run_records import LauncherJournal
        from tachograph.redaction.configuration import policy_of

        journal = LauncherJournal(run_id, run_dir, environ, policy_of(settings.redaction, settings.source))
        facts = run_facts(command, working_directory())
        journal.begin({**facts, "name": settings.name or run_name(command)}, span, start_ns)
    except Exception:
        # The command is running, and this process has to wait for it.
        _logger.warning("tachograph: the start of the run is not recorded", exc_info=True)
        return None
    return journal


def _start_sending(run_dir: Path, settings: Settings) -> bool:
    """Start sending the run while it goes on, if that is wanted. Returns whether it was started."""
    try:
        if not signals(os.environ, settings):
            return False
        from tachograph.sending.sender_process import start_sending

        start_sending(run_dir, environment.not_recorded(os.environ, settings))
    except Exception as error:
        # The command is running, and this process has to wait for it.
        _logger.warning("tachograph: nothing is sent over OTLP: %s. Send it later: tacho push %s", error, run_dir.name)
        return False
    return True


def _wait_until_sent(run_dir: Path, settings: Settings) -> None:
    from tachograph.sending.sender_process import wait_until_sent

    with suppress(OSError, KeyboardInterrupt):
        wait_until_sent(run_dir, settings.otlp_grace_s)


def inside_a_run() -> bool:
    """Whether this process belongs to a run that it can be recorded in."""
    run_dir = os.environ.get(ENV_RUN_DIR)
    # `Path.is_dir` raises if a folder may not be entered, such as that of another user.
    return bool(os.environ.get(ENV_RUN)) and run_dir is not None and os.path.isdir(run_dir)  # noqa: PTH112


def _place(directory: str | None, run_id: str) -> Place | None:
    """The place of the run; None if it can be kept nowhere, which is reported."""
    try:
        place = make_place(directory, run_id, datetime.now(UTC))
    except PlaceError as error:
        if directory is not None:
            instead = "Choose another folder with --dir, or run without recording: --level off"
            raise RunDirError(f"{error}. {instead}") from error
        _say(f"this command is not recorded: {error}")
        return None
    if place.fallback is not None:
        _say(place.fallback)
    return place


def _say(line: str) -> None:
    """Print a line on standard error, even if that is not a terminal: it reports a loss."""
    errors: Any = sys.stderr
    # It is None if the caller closed it.
    if errors is not None:
        with suppress(OSError):
            print(f"tacho: {line}", file=errors, flush=True)


def _report(place: Place, settings: Settings, closing: Callable[[RunReport, Place], str] | None) -> None:
    """Build the report and print the closing line; a failure of either does not affect the command."""
    errors: Any = sys.stderr
    closing = closing if errors is not None and errors.isatty() else None
    try:
        # Imported only now, or the command would have waited for it.
        from tachograph.report import FolderRuns

        runs = FolderRuns(place.base, rates=settings.rates, currency=settings.currency)
        report = runs.report_in(place.run_dir)
        line = closing(report, place) if closing else ""
    except (Exception, KeyboardInterrupt) as error:
        line = f"no report was made ({type(error).__name__}: {error}). The journals are kept in {place.run_dir}"
    if closing:
        _say(line)


def _exit_like(ended: Ended) -> int:
    if ended.signal is None:
        return ended.exit_code or 0
    die_by(ended.signal)
    return 128 + ended.signal
