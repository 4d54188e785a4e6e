"""`tacho show`: shows one run on one screen."""

from __future__ import annotations

from typing import Annotated

import typer

from tachograph.cli.run_store import Directory, open_runs

EXAMPLE = "tacho show 1a2b3c4d"


def command(
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="The run: the first characters of its id. [default: the last run]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Rebuild the report from the journals, with current prices.")
    ] = False,
    directory: Directory = None,
) -> None:
    """Show a run: how it ended, what it cost, where the time went, what failed."""
    with open_runs(directory) as runs:
        found = runs.find(run)
        report = runs.report(found.id, refresh=refresh)
    if as_json:
        print(report.model_dump_json(indent=2))
        return
    from tachograph.cli.show_summary import summary
    from tachograph.cli.terminal import Screen

    for line in summary(report, found.short_id, Screen()):
        print(line)
