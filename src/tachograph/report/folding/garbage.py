"""Collects garbage more rarely while a run is read."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_COLLECT_AFTER = 1_000_000
"""Objects made between two collections."""

_lock = threading.Lock()
_readers = 0
_usual = gc.get_threshold()


@contextmanager
def rare_collections() -> Generator[None]:
    """Collect garbage rarely: what a fold makes is in use to its end, and looking through it takes a fifth of the time.

    The thresholds are those of the process, so the last of several threads that read puts them back.
    """
    global _readers, _usual
    with _lock:
        if not _readers:
            _usual = gc.get_threshold()
            gc.set_threshold(_COLLECT_AFTER, *_usual[1:])
        _readers += 1
    try:
        yield
    finally:
        with _lock:
            _readers -= 1
            if not _readers:
                gc.set_threshold(*_usual)
