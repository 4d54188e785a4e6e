"""`tacho run`: runs a command and records it."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tachograph.errors import UsageError
from tachograph.run.settings import ENV_RUN, ENV_SETTINGS, LEVELS
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from tachograph.journal import Place
    from tachograph.report import RunReport

CONTEXT_SETTINGS: dict[str, Any] = {"allow_interspersed_args": False}
EXAMPLE = "tacho run --name nightly -- python agent.py --fast"


def command(
    words: Annotated[list[str], typer.Argument(metavar="COMMAND", help="The command to record, with its arguments.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The name that the run is listed under.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(
            "--level", metavar="LEVEL", help="How much is recorded: off, error, info or debug. [default: info]"
        ),
    ] = None,
    directory: Annotated[
        str | None,
        typer.Option(
            "--dir", metavar="FOLDER", help="Keep the run in this folder. [default: the project's .tachograph]"
        ),
    ] = None,
    no_content: Annotated[
        bool, typer.Option("--no-content", help="Do not keep prompts, answers or tool payloads.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not print the summary line at the end.")] = False,
) -> int:
    """Run a command and record it. Exit code, signals, terminal and standard streams are as without tacho.

    Python programs are instrumented, including those that the command starts and those in other virtual
    environments with the same Python version.
    Python processes started with -I, -E or -S are not instrumented. Programs in other languages are recorded as
    processes only.

    If the project's .tachograph cannot be written, the run is kept in the user's state folder,
    $XDG_STATE_HOME/tachograph or ~/.local/state/tachograph. If that cannot be written either, the command runs
    unrecorded. Either way, a line on standard error says so.

    The exit code is that of the command, or 125 if the folder named by --dir or a setting cannot be used, 126 if the
    command cannot be executed, 127 if it was not found.
    """
    from tachograph.launcher import inside_a_run, launch

    environ = dict(os.environ)
    if ENV_RUN in environ and not inside_a_run():
        # These are the settings of a run that is over or of another user: this run is not kept in their folder.
        environ.pop(ENV_SETTINGS, None)
    settings = load(environ)
    if level is not None:
        for known in LEVELS:
            if level.lower() == known:
                settings = replace(settings, level=known)
                break
        else:
            raise UsageError(f"--level must be one of {', '.join(LEVELS)}, not {level!r}")
    if name is not None:
        settings = replace(settings, name=name)
    if directory is not None:
        settings = replace(settings, directory=directory)
    if no_content:
        settings = replace(settings, content=False)

    def closing(report: RunReport, place: Place) -> str:
        named = directory if place.fallback is None else str(place.base)
        option = "" if named is None else f" --dir {shlex.quote(named)}"
        return f"{closing_line(report)}. See: tacho show {place.run_dir.name}{option}"

    return launch(words, settings, closing=None if quiet else closing)


def closing_line(report: RunReport) -> str:
    """The run in one line, without figures that are zero or unknown.

    Parameters
    ----------
    report
        The run's report.
    """
    from tachograph.cli.formats import count, duration, money, plural

    outcome = report.outcome
    verdict: str = outcome.status
    if outcome.signal is not None:
        verdict += f" ({outcome.signal})"
    elif outcome.status == "failed" and outcome.exit_code:
        verdict += f" (exit code {outcome.exit_code})"
    link = "in" if outcome.status == "completed" else "after"
    parts = [f"{verdict} {link} {duration(report.timing.total_ns)}"]
    if report.calls:
        parts.append(plural(len(report.calls), "call"))
    if report.tokens.sum.total:
        least = "" if report.tokens.complete else "at least "
        parts.append(f"{least}{count(report.tokens.sum.total)} tokens")
    if report.cost.totals:
        least = "" if report.cost.complete else "at least "
        parts.append(least + " + ".join(money(total.amount, total.currency) for total in report.cost.totals))
    errors = sum(error.count for error in report.errors)
    if errors:
        parts.append(plural(errors, "error"))
    return ", ".join(parts)
