"""Keeps the compiled triggers between processes: compiling takes one or two seconds, loading a fraction of a ms."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from tachograph import user_folders
from tachograph.redaction import user_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tachograph.redaction.trigger_groups import Group

_T = TypeVar("_T")
_MOST_BYTES = 64_000_000


@cache
def _stamp() -> bytes:
    """Identifies the rules without reading them: names, sizes and times of change of their files."""
    home = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - a path object costs a start more than the rest
    files: list[tuple[str, int, int]] = []
    for folder in ("rules", "scan", "shapes", "words"):
        with os.scandir(f"{home}/{folder}") as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    files.append((f"{folder}/{entry.name}", status.st_size, status.st_mtime_ns))
    for name in ("catalogue.py", "rule_types.py"):
        status = os.stat(f"{home}/{name}")  # noqa: PTH116
        files.append((name, status.st_size, status.st_mtime_ns))
    return repr(sorted(files)).encode()


def path_for(group: Group, version: str) -> Path | None:
    """Where the compiled triggers of a group are kept; None without a home folder.

    Parameters
    ----------
    group
        The group.
    version
        The version of hyperscan; it cannot read the databases of another one.
    """
    folder = user_folders.folder(user_folders.Base.CACHE)
    if folder is None:
        return None
    try:
        digest = hashlib.sha256(version.encode() + b"\0" + _stamp())
    except OSError:
        # The package is not in a folder: each process compiles.
        return None
    return folder / f"triggers-{group.name.lower()}-{digest.hexdigest()[:24]}.hs"


def load(path: Path | None, read: Callable[[bytes], _T]) -> _T | None:
    """The kept triggers, as the engine reads them; None if there are none or they cannot be used."""
    body = None if path is None else user_files.read(path, _MOST_BYTES)
    if body is None:
        return None
    try:
        return read(body)
    except Exception:
        # Damaged, or of another engine or processor: the triggers are compiled again.
        return None


def keep(path: Path | None, body: bytes) -> None:
    """Keep compiled triggers; does nothing if that is impossible."""
    if path is not None:
        with suppress(OSError):
            user_folders.make(user_folders.Base.CACHE)
            user_files.write(path, body, replace=True)
