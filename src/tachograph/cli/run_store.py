"""Where the commands that read find their runs."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from tachograph.cli.errors import TachoError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tachograph.report import Store

Directory = Annotated[
    str | None, typer.Option("--dir", metavar="FOLDER", help="The .tachograph folder. [default: the project's]")
]


@contextmanager
def store(directory: str | None) -> Generator[Store]:
    """The store of runs; what is wrong with a run or its report is told in one line.

    Parameters
    ----------
    directory
        The folder the user named, None for the one of the settings or the project.
    """
    from tachograph.journal import JournalVersionError, base_dir
    from tachograph.report import ReportError, Store
    from tachograph.run.settings import load

    settings = load()
    try:
        chosen = directory or settings.directory
        base, project = _of_project() if chosen is None else (base_dir(chosen), None)
        if directory is not None and not base.is_dir():
            raise TachoError(f"{directory} is not a folder" if base.exists() else f"there is no folder {directory}", 2)
        _require_readable(base)
        yield Store(base, rates=settings.rates, currency=settings.currency, project=project)
    except (ReportError, JournalVersionError) as error:
        raise TachoError(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise TachoError(f"{named}{error.strerror or error}") from error


def _of_project() -> tuple[Path, Path | None]:
    """Where the runs of this project are, and the project where they have to be picked from those of others.

    Its own folder or, when that does not exist or cannot be written, the user's state folder if it has runs of it.
    """
    from tachograph import _xdg
    from tachograph.journal import base_dir, project_root
    from tachograph.report import Store
    from tachograph.report.run_list import Wanted

    try:
        base, project = base_dir(), project_root()
    except FileNotFoundError as error:
        raise TachoError(f"{error.strerror}. Name a folder of runs: --dir FOLDER") from error
    # It is a folder and can be written; `Path.is_dir` raises where a folder may not be entered.
    if os.path.isdir(base) and os.access(base, os.W_OK | os.X_OK):  # noqa: PTH112
        return base, None
    state = _xdg.folder(_xdg.Base.STATE)
    if state is None or not os.path.isdir(state):  # noqa: PTH112
        return base, None
    if not Store(state, project=project).runs(Wanted(limit=1)):
        return base, None
    why = "cannot be written" if os.path.exists(base) else "does not exist"  # noqa: PTH110
    print(f"tacho: the runs of this project are read from {state}: {base} {why}", file=sys.stderr)
    return state, project


def _require_readable(base: Path) -> None:
    """Raise when the runs cannot be seen; that there are none is no error."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(base / "runs"):
        pass
