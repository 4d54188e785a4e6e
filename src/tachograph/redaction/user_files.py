"""Reads and writes files that only this user can have written."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from tachograph.user_folders import is_private

if TYPE_CHECKING:
    from pathlib import Path


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
        if not is_private(path.parent.stat()):
            return None
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
        with open(handle, "rb") as file:  # noqa: PTH123 (a handle, not a path)
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > most or not is_private(status):
                return None
            return file.read()
    except OSError:
        return None


def write(path: Path, body: bytes, *, replace: bool) -> bool:
    """Write a file that only this user can read, whole or not at all.

    Parameters
    ----------
    path
        The file; its folder has to exist.
    body
        Its bytes.
    replace
        Whether an existing file is replaced; otherwise it is kept and the result is False.
    """
    # Only the first use of an installation writes.
    from tachograph.atomic_write import write_whole

    try:
        if not is_private(path.parent.stat()):
            return False
        write_whole(path, body, replace=replace)
    except OSError:
        return False
    return True
