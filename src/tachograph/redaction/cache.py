"""The compiled triggers, kept between processes: compiling takes most of a second, loading a fraction of a ms."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from tachograph.redaction import private

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_T = TypeVar("_T")
_MOST_BYTES = 64_000_000


def path_for(triggers: Sequence[bytes], version: str) -> Path | None:
    """Where the compiled form of some triggers is kept; None without a home.

    Parameters
    ----------
    triggers
        The expressions, in their order.
    version
        The version of the engine; a database of another one is of no use.
    """
    folder = private.folder("XDG_CACHE_HOME", ".cache")
    if folder is None:
        return None
    digest = hashlib.sha256(version.encode())
    for trigger in triggers:
        digest.update(b"\0" + trigger)
    return folder / f"triggers-{digest.hexdigest()[:24]}.hs"


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
        private.write(path, body, replace=True)
