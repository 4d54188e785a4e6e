"""Who owns the time of a run: the sweep that gives phases their self times."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHER = "other"
"""The phase that owns the time in which no other is open."""


class Stretch(NamedTuple):
    """One occurrence of a phase, in ns since the epoch; ordered by who owns the time, last wins."""

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
        The occurrences, in any order; what lies outside of the run is cut off.
    start_ns, end_ns
        The bounds of the run.

    Returns
    -------
    dict
        Name to ns; `other` is always there.
    """
    owned = {OTHER: 0}
    inside = sorted(s for s in stretches if s.start_ns < end_ns and s.end_ns > start_ns and s.end_ns > s.start_ns)
    bounds = sorted(
        {start_ns, end_ns}
        | {s.start_ns for s in inside if s.start_ns > start_ns}
        | {s.end_ns for s in inside if s.end_ns < end_ns}
    )
    # The latest in the order of `Stretch` is on top: what is sorted last is pushed with the lowest rank.
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
