"""Where the commands that read find their runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tachograph.cli.errors import TachoError

if TYPE_CHECKING:
    from collections.abc import Generator

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
    from tachograph.runtime.settings import load

    settings = load()
    base = base_dir(directory or settings.directory)
    if directory is not None and not base.is_dir():
        raise TachoError(f"{directory} is not a folder" if base.exists() else f"there is no folder {directory}", 2)
    try:
        yield Store(base, rates=settings.rates, currency=settings.currency)
    except (ReportError, JournalVersionError) as error:
        raise TachoError(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise TachoError(f"{named}{error.strerror or error}") from error
