"""Files that only this user can have written."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from tachograph.user_folders import is_private


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
        Whether one that stands there already is replaced; else it stays and the result is False.
    """
    # The first use of an installation alone writes.
    import tempfile

    temporary: str | None = None
    try:
        if not is_private(path.parent.stat()):
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
