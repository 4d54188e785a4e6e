"""Finds the runs for the commands that read them."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from tachograph.errors import CommandError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tachograph.report import FolderRuns

Directory = Annotated[
    str | None,
    typer.Option(
        "--dir", metavar="FOLDER", help="The folder that holds the runs. [default: the project's .tachograph]"
    ),
]


@contextmanager
def open_runs(directory: str | None) -> Generator[FolderRuns]:
    """Open the runs.

    Parameters
    ----------
    directory
        The folder the user named; None means the one of the settings or the project.

    Raises
    ------
    UsageError
        When the user named a folder that does not exist.
    OSError
        When the runs cannot be read.
    """
    from tachograph.journal import base_dir
    from tachograph.report import FolderRuns
    from tachograph.run.settings_loader import load

    settings = load()
    chosen = directory or settings.directory
    base, project = _of_project() if chosen is None else (base_dir(chosen), None)
    if directory is not None and not base.is_dir():
        wrong = "is not a folder" if base.exists() else "does not exist"
        raise UsageError(f"{directory} {wrong}. Name a folder that holds runs, such as .tachograph")
    _require_readable(base)
    yield FolderRuns(base, rates=settings.rates, currency=settings.currency, project=project)


def _of_project() -> tuple[Path, Path | None]:
    """The folder of this project's runs, and the project if that folder holds the runs of others too.

    This is the project's folder or, if that does not exist or cannot be written, the user's state folder if it holds
    runs of the project.
    """
    from tachograph import user_folders
    from tachograph.journal import base_dir, project_root
    from tachograph.report import FolderRuns, Wanted

    try:
        base, project = base_dir(), project_root()
    except FileNotFoundError as error:
        raise CommandError(f"{error.strerror}. Name a folder of runs: --dir FOLDER") from error
    # It is a folder and can be written; `Path.is_dir` raises if a folder may not be entered.
    if os.path.isdir(base) and os.access(base, os.W_OK | os.X_OK):  # noqa: PTH112
        return base, None
    state = user_folders.folder(user_folders.Base.STATE)
    if state is None or not os.path.isdir(state):  # noqa: PTH112
        return base, None
    if not FolderRuns(state, project=project).rows(Wanted(limit=1)):
        return base, None
    why = "cannot be written" if os.path.exists(base) else "does not exist"  # noqa: PTH110
    print(f"tacho: the runs of this project are read from {state}: {base} {why}", file=sys.stderr)
    return state, project


def _require_readable(base: Path) -> None:
    """Raise if the runs cannot be listed; having none is not an error."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(base / "runs"):
        pass
