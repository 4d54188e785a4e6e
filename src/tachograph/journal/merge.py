"""The lines of all journals of a run, in order of time."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from tachograph.journal.lines import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.journal.tail import Line, Tail


def merged(tail: Tail, until: bytes | None = None) -> Iterator[Line]:
    """The lines that have not been read, in order of their time stamps.

    The order inside one journal is kept; a line without a time stamp follows the one before it.

    Parameters
    ----------
    tail
        Reads the journals; its `look` was called before.
    until
        A time as in :func:`~tachograph.journal.lines.stamp` at which to stop; later lines are left for the next time.
        A reader of a running run gives the time at which it last looked for journals: a record that was written later
        could otherwise come before one of another process that it depends on.
    """
    if until is None and len(tail.sources) == 1:
        return tail.lines(tail.sources[0])
    return _merged(tail, until)


def _merged(tail: Tail, until: bytes | None) -> Iterator[Line]:
    heap: list[tuple[bytes, int, Line]] = []
    readers = [tail.lines(source) for source in tail.sources]
    for index, reader in enumerate(readers):
        line = next(reader, None)
        if line is not None:
            heap.append((stamp(line[3]), index, line))
    heapq.heapify(heap)
    while heap:
        at, index, line = heap[0]
        if until is not None and at > until:
            return
        yield line
        follower = next(readers[index], None)
        if follower is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (stamp(follower[3], at), index, follower))
