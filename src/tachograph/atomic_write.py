"""Writes a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, body: bytes, *, replace: bool = True, mtime_ns: int | None = None) -> None:
    """Write a file that only this user can read, whole or not at all.

    Parameters
    ----------
    path
        The file; its folder has to exist.
    body
        Its bytes.
    replace
        Whether an existing file is replaced. Otherwise, of two processes that write it at the same time, one wins.
    mtime_ns
        The modification time it gets, in ns since the epoch; None means now.

    Raises
    ------
    FileExistsError
        When the file exists and is not to be replaced.
    OSError
        When it cannot be written.
    """
    import tempfile

    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        if mtime_ns is not None:
            os.utime(temporary, ns=(mtime_ns, mtime_ns))
        if replace:
            os.replace(temporary, path)  # noqa: PTH105 - the name is a string
            return
        # A link is made or refused in one step.
        path.hardlink_to(temporary)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - the name is a string
        raise
    os.unlink(temporary)  # noqa: PTH108 - the name is a string
