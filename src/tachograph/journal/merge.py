"""The lines of all journals of a run, in order of time."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from tachograph.journal.lines import stamp, stamp_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.journal.tail import Line, Tail


_LATEST_WRITE_NS = 10_000_000_000


def merged(tail: Tail, until_ns: int | None = None) -> Iterator[Line]:
    """The lines that have not been read, in order of their time stamps.

    The order inside one journal is kept; a line without a time stamp follows the one before it.

    Parameters
    ----------
    tail
        Reads the journals; its `look` was called before.
    until_ns
        The time from which on lines are left for the next time, in ns since the epoch. A reader of a running run gives
        the time at which it last looked for journals: a record that was written later could otherwise come before one
        of another process that it depends on. Times more than 10 s later are the program's and hold nothing back.
    """
    if until_ns is None and len(tail.sources) == 1:
        return tail.lines(tail.sources[0])
    return _merged(tail, until_ns)


def _merged(tail: Tail, until_ns: int | None) -> Iterator[Line]:
    bounds = (stamp_at(until_ns), stamp_at(until_ns + _LATEST_WRITE_NS)) if until_ns is not None else None
    heap: list[tuple[bytes, int, Line]] = []
    readers = [tail.lines(source) for source in tail.sources]
    for index, reader in enumerate(readers):
        line = next(reader, None)
        if line is not None:
            heap.append((stamp(line[3]), index, line))
    heapq.heapify(heap)
    while heap:
        at, index, line = heap[0]
        if bounds is not None and bounds[0] < at <= bounds[1]:
            heapq.heappop(heap)
            continue
        yield line
        follower = next(readers[index], None)
        if follower is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (stamp(follower[3], at), index, follower))
