"""`tacho list`: the runs, newest first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tachograph.cli.formats import count, duration, money
from tachograph.cli.run_store import Directory, open_runs
from tachograph.cli.terminal import Screen, Style, cut
from tachograph.errors import UsageError
from tachograph.run_status import RUN_STATUSES

if TYPE_CHECKING:
    from tachograph.report import RunRow

EXAMPLE = 'tacho list --status crashed --since yesterday --task "fix_*"'

_STYLES: dict[str, Style] = {
    "completed": "green",
    "failed": "red",
    "blocked": "yellow",
    "interrupted": "yellow",
    "crashed": "red",
    "unreadable": "red",
}
_HEADS = ("run", "when", "task", "status", "time", "calls", "tokens", "cost")
_RIGHT = frozenset({"time", "calls", "tokens", "cost"})


def command(
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="Only runs started at or after WHEN: a date, a date and time, 2h, 3d, today."
        ),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="Only runs started before WHEN.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Only runs with this status, e.g. crashed.")
    ] = None,
    task: Annotated[str | None, typer.Option(metavar="GLOB", help="Only runs whose task or name matches.")] = None,
    model: Annotated[
        str | None, typer.Option(metavar="GLOB", help="Only runs that called a model that matches.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="Maximum number of runs to list; 0 for all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    directory: Directory = None,
) -> None:
    """List the runs of this project, newest first.

    If the project's .tachograph does not exist or cannot be written, the runs are read from the user's state folder
    (see tacho run --help), and one line on standard error names that folder.
    """
    from tachograph.cli.time_argument import moment_ns
    from tachograph.report import Wanted

    if status is not None and status not in RUN_STATUSES:
        raise UsageError(f'"{status}" is not a status. Use one of {", ".join(RUN_STATUSES)}.')
    wanted = Wanted(
        limit=limit or None,
        since_ns=None if since is None else moment_ns(since, "--since"),
        until_ns=None if until is None else moment_ns(until, "--until"),
        status=status,
        task=task,
        model=model,
    )
    with open_runs(directory) as runs:
        rows = runs.rows(wanted)
        if as_json:
            print(json.dumps([_as_json(row) for row in rows], indent=2, ensure_ascii=False))
            return
        if not rows:
            filtered = any(value is not None for value in (since, until, status, task, model))
            if filtered:
                print("No run matches. List all runs: tacho list")
            else:
                print(f"No runs in {runs.where} yet. Record one: tacho run -- COMMAND")
            return
    _print_table(rows, Screen())


def _as_json(row: RunRow) -> dict[str, object]:
    return {
        "id": row.id,
        "run": row.short_id,
        "name": row.name,
        "task": row.task,
        "status": row.status,
        "reason": row.reason,
        "start_ns": row.start_ns,
        "total_ns": row.total_ns,
        "calls": row.calls,
        "tokens": row.tokens,
        "tokens_complete": row.tokens_complete,
        "costs": row.costs,
        "cost_complete": row.cost_complete,
        "models": row.models,
        "directory": row.location,
    }


def _print_table(rows: list[RunRow], screen: Screen) -> None:
    table = [_cells(row) for row in rows]
    heads = [head for head in _HEADS if head in {"run", "when", "task", "status"} or _any(table, head)]
    widths = {head: max(len(head), *(len(cells[head]) for cells in table)) for head in heads}
    room = screen.width - 2 - sum(widths.values()) - 2 * (len(heads) - 1) + widths["task"]
    widths["task"] = min(widths["task"], max(room, 8))
    print(screen.style(_line(dict(zip(heads, heads, strict=True)), heads, widths), "dim"))
    left = screen.width - 2 - sum(widths.values()) - 2 * len(heads)
    for row, cells in zip(rows, table, strict=True):
        line = _line(cells, heads, widths)
        style = _STYLES.get(row.status)
        if style is not None and screen.colour:
            line = line.replace(f"  {row.status}", f"  {screen.style(row.status, style)}", 1)
        if row.reason and row.status in {"failed", "blocked", "unreadable"} and left >= 12:
            line = f"{line}  {screen.style(cut(row.reason, left), 'dim')}"
        print(line.rstrip())


def _any(table: list[dict[str, str]], head: str) -> bool:
    return any(cells[head] not in {"", "0"} for cells in table)


def _line(cells: dict[str, str], heads: list[str], widths: dict[str, int]) -> str:
    shown: list[str] = []
    for head in heads:
        text = cut(cells[head], widths[head])
        shown.append(text.rjust(widths[head]) if head in _RIGHT else text.ljust(widths[head]))
    return ("  " + "  ".join(shown)).rstrip()


def _cells(row: RunRow) -> dict[str, str]:
    from tachograph.report.time_words import moment

    costs = " + ".join(money(amount, currency) for currency, amount in row.costs.items())
    return {
        "run": row.short_id,
        "when": moment(row.start_ns),
        "task": cut(row.task or row.name, 60),
        "status": row.status,
        "time": "" if row.total_ns is None else duration(row.total_ns),
        "calls": "" if row.calls is None else count(row.calls),
        "tokens": "" if row.tokens is None else count(row.tokens) + ("" if row.tokens_complete else "+"),
        "cost": costs + ("+" if costs and not row.cost_complete else ""),
    }
