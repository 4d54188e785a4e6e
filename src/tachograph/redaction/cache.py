"""The compiled triggers, kept between processes: compiling takes one or two seconds, loading a fraction of a ms."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tachograph import user_folders
from tachograph.redaction import private

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_MOST_BYTES = 64_000_000


@cache
def _stamp() -> bytes:
    """Names these rules without reading them: what their files are called, how large they are and when they changed."""
    folder = Path(__file__).parent
    files = sorted((*folder.glob("rules/*.py"), folder / "triggers.py", folder / "compiling.py"))
    return b"".join(b"%b %d %d\n" % (os.fsencode(f.name), s.st_size, s.st_mtime_ns) for f in files if (s := f.stat()))


def path_for(name: str, version: str) -> Path | None:
    """Where the compiled form of some triggers is kept; None without a home.

    Parameters
    ----------
    name
        Which of them.
    version
        The version of the engine; a database of another one is of no use.
    """
    folder = user_folders.folder(user_folders.Base.CACHE)
    if folder is None:
        return None
    try:
        digest = hashlib.sha256(version.encode() + b"\0" + _stamp())
    except OSError:
        # Not in a folder; then it is compiled by each process.
        return None
    return folder / f"triggers-{name}-{digest.hexdigest()[:24]}.hs"


def load(path: Path | None, read: Callable[[bytes], _T]) -> _T | None:
    """What is kept, read by the engine; None when there is nothing or it is of no use."""
    body = None if path is None else private.read(path, _MOST_BYTES)
    if body is None:
        return None
    try:
        return read(body)
    except Exception:
        # Damaged, or of another engine or processor: it is compiled anew.
        return None


def keep(path: Path | None, body: bytes) -> None:
    """Keep a compiled form; silently not where that is impossible."""
    if path is not None:
        with suppress(OSError):
            user_folders.make(user_folders.Base.CACHE)
            private.write(path, body, replace=True)
