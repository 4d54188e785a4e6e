"""The folder of a new run: in the folder that the user named, else the project's, else the user's state folder."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tachograph import user_folders
from tachograph.journal.layout import base_dir, create_run_dir, journal_files

if TYPE_CHECKING:
    from datetime import datetime

    from tachograph.errors import PlaceError


class Place(NamedTuple):
    """Where a run is kept.

    Parameters
    ----------
    base
        The folder that holds the runs.
    run_dir
        The run's own folder, which exists.
    fallback
        Why the run is not in the project's folder, and where it is; None if it is there or in the folder that the user
        named.
    """

    base: Path
    run_dir: Path
    fallback: str | None = None


def make_place(directory: str | None, run_id: str, now: datetime) -> Place:
    """Make the folder of a new run in the first place that can be written.

    Parameters
    ----------
    directory
        The folder that the user named; no other is tried then. None means the project's folder or, if it cannot be made
        or written, the one below ``XDG_STATE_HOME``.
    run_id
        The run's UUID4.
    now
        The time of the start, in UTC.

    Raises
    ------
    PlaceError
        If no folder can be made.
    """
    if directory is not None:
        return _named(directory, run_id, now)
    project: Path | None = None
    try:
        project = base_dir()
        return Place(project, create_run_dir(project, run_id, now, parents=False))
    except OSError as error:
        reason = _refusal(project, error)
    state: Path | None = None
    try:
        state = user_folders.make(user_folders.Base.STATE)
        return Place(state, create_run_dir(state, run_id, now), f"{reason}; this run is kept in {state}")
    except OSError as error:
        reason += f"; {_refusal(state or user_folders.folder(user_folders.Base.STATE), error)}"
        raise _place_error(f"{reason}. Choose a folder with --dir or TACHOGRAPH_DIR") from error


def _named(directory: str, run_id: str, now: datetime) -> Place:
    base: str | Path = directory
    try:
        base = base_dir(directory)
        _require_home(directory)
        return Place(base, create_run_dir(base, run_id, now))
    except OSError as error:
        path = f" ({error.filename})" if error.filename else ""
        raise _place_error(f"the run cannot be kept in {base}: {error.strerror or error}{path}") from error


def _place_error(reason: str) -> PlaceError:
    # Imported here because a recorded process loads this module when it starts.
    from tachograph.errors import PlaceError

    return PlaceError(reason)


def _require_home(directory: str) -> None:
    """Refuse a home folder that does not exist; other missing folders above the named one are made."""
    if directory.startswith("~"):
        home = Path(directory.split(os.sep, 1)[0]).expanduser()
        if not os.path.isdir(home):  # noqa: PTH112 - `Path.is_dir` raises if a folder may not be entered
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(home))


def _refusal(base: Path | None, error: OSError) -> str:
    reason = error.strerror or str(error)
    return reason if base is None else f"{base} cannot be written ({reason})"


def deletion(run_dir: Path, *, opened: bool) -> str | None:
    """A sentence about what was deleted of a run while it was recorded; None if its journals are there.

    Parameters
    ----------
    run_dir
        The run's folder.
    opened
        Whether a journal was opened in it, so that at least one has to be there.
    """
    try:
        if journal_files(run_dir) or not opened:
            return None
        what = "journals of this run were"
    except (FileNotFoundError, NotADirectoryError):
        what = "folder of this run was"
    except OSError:
        return None
    return f"the {what} deleted or moved while it ran; nothing is kept in {run_dir}"
