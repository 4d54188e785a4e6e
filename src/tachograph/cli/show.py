"""`tacho show`: shows one run on one screen."""

from __future__ import annotations

from typing import Annotated

import typer

from tachograph.cli.run_store import Directory, store

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
    with store(directory) as runs:
        run_dir = runs.find(run)
        report = runs.report(run_dir, refresh=refresh)
    if as_json:
        print(report.model_dump_json(indent=2))
        return
    from tachograph.cli.summary import summary
    from tachograph.cli.terminal import Screen

    for line in summary(report, run_dir.name, Screen()):
        print(line)
