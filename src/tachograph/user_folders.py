"""This user's folders for Tachograph, below the XDG base directories.

https://specifications.freedesktop.org/basedir-spec/latest/
"""

from __future__ import annotations

import errno
import os
import stat
from enum import Enum
from pathlib import Path

_NAME = "tachograph"
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Base(Enum):
    """A base directory: the variable that names it, and its default below the home folder."""

    DATA = ("XDG_DATA_HOME", ".local/share")
    CACHE = ("XDG_CACHE_HOME", ".cache")
    STATE = ("XDG_STATE_HOME", ".local/state")


def folder(base: Base) -> Path | None:
    """The folder below a base directory, whether or not it exists; None without a home.

    Parameters
    ----------
    base
        The base directory.
    """
    folders = _folders(base)
    return folders[-1] if folders else None


def make(base: Base) -> Path:
    """Make the folder below a base directory, if it is missing, and return it.

    Missing folders of the base are made too, with mode 0700: all that are below the home folder, but only the last one
    of a path that a variable names. Nothing above is made, and never the home folder.

    Parameters
    ----------
    base
        The base directory.

    Raises
    ------
    OSError
        When it cannot be made, or others can write it.
    """
    folders = _folders(base)
    if not folders:
        raise FileNotFoundError(errno.ENOENT, f"there is no home folder and {base.value[0]} is not set")
    for one in folders:
        one.mkdir(mode=0o700, exist_ok=True)
    path = folders[-1]
    # A link that somebody else has put there leads to a folder of this user that has nothing to do with us.
    if not is_private(path.stat()) or (hasattr(os, "geteuid") and path.lstat().st_uid != os.geteuid()):
        raise PermissionError(errno.EPERM, "it belongs to another user or others can write it", str(path))
    return path


def is_private(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to this user and nobody else can write it.

    Parameters
    ----------
    status
        What `os.stat` returned for it.
    """
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def _folders(base: Base) -> list[Path]:
    """The folders that may be made, outermost first; the last one is that of Tachograph."""
    variable, default = base.value
    named = os.environ.get(variable, "")
    # Relative paths are invalid, by the specification.
    if os.path.isabs(named):  # noqa: PTH117 - an empty text is not a path
        return [Path(named), Path(named) / _NAME]
    home = "" if os.environ.get("HOME") == "" else os.path.expanduser("~")  # noqa: PTH111 - it does not raise
    if not os.path.isabs(home):  # noqa: PTH117
        return []
    folders = [Path(home)]
    for part in (*default.split("/"), _NAME):
        folders.append(folders[-1] / part)
    return folders[1:]
