"""The lines of a run's journals, all processes together, in order of time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tachograph.journal import is_alive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tachograph.journal import JournalFile

_BUFFER = 1 << 20
_TIME_KEY = b'","ts":"'
_TIME_LENGTH = len("2026-11-20T14:03:00.123456Z")


@dataclass(slots=True)
class Source:
    """The journal of one process.

    Attributes
    ----------
    parts
        Its files, oldest first.
    alive
        Whether its process was running before the reading began.
    unreadable
        Names of files that cannot be opened.
    """

    parts: Sequence[JournalFile]
    alive: bool = False
    unreadable: list[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, parts: Sequence[JournalFile]) -> Source:
        """A source whose process is looked at now: a process seen alive that ends later has said so in its journal."""
        return cls(parts, is_alive(parts))

    def lines(self) -> Iterator[bytes]:
        """Its lines in the order they were written."""
        for part in self.parts:
            try:
                file = part.path.open("rb", buffering=_BUFFER)
            except OSError:
                self.unreadable.append(part.path.name)
                continue
            with file:
                try:
                    yield from file
                except OSError:
                    self.unreadable.append(part.path.name)


def merged(sources: Sequence[Source]) -> Iterator[tuple[Source, bytes]]:
    """The lines of all sources with where they come from, in order of their time stamps.

    The order inside one source is kept as it is; a line without a stamp goes with the one before it.
    """
    if len(sources) == 1:
        [source] = sources
        for line in source.lines():
            yield source, line
        return
    heap: list[tuple[bytes, int, bytes]] = []
    readers = [source.lines() for source in sources]
    for index, reader in enumerate(readers):
        line = next(reader, None)
        if line is not None:
            heap.append((_stamp(line, b""), index, line))
    heapq.heapify(heap)
    while heap:
        at, index, line = heap[0]
        source, reader = sources[index], readers[index]
        yield source, line
        follower = next(reader, None)
        if follower is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (_stamp(follower, at), index, follower))


def _stamp(line: bytes, before: bytes) -> bytes:
    at = line.find(_TIME_KEY, 0, 40)
    return line[at + 8 : at + 8 + _TIME_LENGTH] if at > 0 else before


def last_stamp(line: bytes) -> int:
    """The time stamp of a line in ns since the epoch, 0 where it has none."""
    try:
        return int(datetime.fromisoformat(_stamp(line, b"").decode()).timestamp() * 1_000_000) * 1_000
    except ValueError:
        return 0
