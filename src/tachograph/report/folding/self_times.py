"""Computes the self times of phases, which add up to the time of the run."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHER = "other"
"""The phase that has the time in which no other is open."""


class Stretch(NamedTuple):
    """One occurrence of a phase, with times in ns since the epoch; of those open, the greatest has the time."""

    start_ns: int
    depth: int
    span_id: str
    end_ns: int
    name: str


def self_times(stretches: Iterable[Stretch], start_ns: int, end_ns: int) -> dict[str, int]:
    """Partition the time from start to end among phases.

    At each instant the phase that was opened last among those open owns the time, whatever thread or process it is
    open in; of two opened at the same instant the more deeply nested one. So a nested phase takes its time from the
    one around it, and phases that run side by side never count an instant twice: the values add up to the whole.

    Parameters
    ----------
    stretches
        The occurrences, in any order; what is outside of the run is cut off.
    start_ns, end_ns
        The bounds of the run.

    Returns
    -------
    dict
        The self time in ns by name of the phase; `other` is always included.
    """
    owned = {OTHER: 0}
    inside = sorted(s for s in stretches if s.start_ns < end_ns and s.end_ns > start_ns and s.end_ns > s.start_ns)
    bounds = sorted(
        {start_ns, end_ns}
        | {s.start_ns for s in inside if s.start_ns > start_ns}
        | {s.end_ns for s in inside if s.end_ns < end_ns}
    )
    # The greatest stretch is on top of the heap, because the last one in order is pushed with the lowest rank.
    heap: list[tuple[int, int, str]] = []
    following = 0
    for at, until in pairwise(bounds):
        while following < len(inside) and inside[following].start_ns <= at:
            stretch = inside[following]
            heapq.heappush(heap, (-following, stretch.end_ns, stretch.name))
            following += 1
        while heap and heap[0][1] <= at:
            heapq.heappop(heap)
        name = heap[0][2] if heap else OTHER
        owned[name] = owned.get(name, 0) + until - at
    return owned
