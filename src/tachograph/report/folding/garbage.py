"""Collects garbage more rarely while a run is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_COLLECT_AFTER = 1_000_000
"""Objects made between two looks for cycles of garbage."""


@contextmanager
def rare_collections() -> Generator[None]:
    """Look for cycles of garbage rarely: nothing that a fold makes is in one, and looking takes a fifth of its time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
