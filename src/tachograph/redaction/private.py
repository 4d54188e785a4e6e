"""Files that only this user can have written."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def folder(variable: str, default: str, environ: Mapping[str, str] | None = None) -> Path | None:
    """The project's folder below one of the XDG base directories; None without a home.

    Parameters
    ----------
    variable
        The variable that names the base, e.g. ``XDG_CACHE_HOME``; relative paths in it are invalid
        (https://specifications.freedesktop.org/basedir-spec/latest/).
    default
        The base below the home folder.
    environ
        The environment; None means this process's.
    """
    base = (os.environ if environ is None else environ).get(variable, "")
    if base and Path(base).is_absolute():
        return Path(base) / "tachograph"
    try:
        return Path.home() / default / "tachograph"
    except RuntimeError:
        return None


def _is_ours(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def read(path: Path, most: int) -> bytes | None:
    """The bytes of a file; None when it is missing, too large, or somebody else could have written it.

    Parameters
    ----------
    path
        The file; neither it nor its folder may be writable for others, and it may not be a link.
    most
        Most bytes it may have.
    """
    try:
        if not _is_ours(path.parent.stat()):
            return None
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
        with open(handle, "rb") as file:  # noqa: PTH123 (a handle, not a path)
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > most or not _is_ours(status):
                return None
            return file.read()
    except OSError:
        return None


def write(path: Path, body: bytes, *, replace: bool) -> bool:
    """Write a file that only this user can read, whole or not at all.

    Parameters
    ----------
    path
        The file; its folder is made with mode 0700.
    body
        Its bytes.
    replace
        Whether one that stands there already is replaced; else it stays and the result is False.
    """
    # The first use of an installation alone writes.
    import tempfile

    temporary: str | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(path.parent.stat()):
            return False
        handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
        with open(handle, "wb") as file:  # noqa: PTH123 (a handle, not a path)
            file.write(body)
        if replace:
            Path(temporary).replace(path)
            temporary = None
        else:
            # A link is made or refused in one step, so that of two processes that start together one wins.
            path.hardlink_to(temporary)
    except OSError:
        return False
    else:
        return True
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
