"""Reads the journals of a run from where it left off, and hands out what one signal sends, in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from tachograph.journal import Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tachograph.journal import Source


Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)

_MOST = 512
"""Items of a batch; the SDK's own default."""
_MOST_BYTES = 2_000_000
"""Bytes of the journal a batch may stand for: receivers refuse requests of more than 4 MB by default."""


@dataclass(slots=True)
class Batch(Generic[Item]):
    """What is sent at once.

    Attributes
    ----------
    items
        The items.
    files
        Up to which byte the files of the journals are done with once they are sent.
    """

    items: list[Item] = field(default_factory=list[Item])
    files: dict[str, int] = field(default_factory=dict[str, int])


class Reader(Protocol[Item_co]):
    """Makes the items of one journal out of its lines, in their order."""

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> Item_co | None:
        """The item a line gives, None for none.

        Parameters
        ----------
        path
            The file of the line.
        at
            The byte it begins at.
        line
            The line; it need not hold a record.
        again
            Whether it was done with before: it is read for what later lines need of it.
        """
        ...


class Feed(Generic[Item]):
    """The items of one signal.

    Parameters
    ----------
    run_dir
        The run's folder.
    files
        Up to which byte each file is done with.
    reader
        Makes what reads one journal.
    """

    def __init__(self, run_dir: Path, files: dict[str, int], reader: Callable[[], Reader[Item]]) -> None:
        self._tail = Tail(run_dir)
        self._done = dict(files)
        self._make = reader
        self._readers: dict[Source, Reader[Item]] = {}

    def batches(self) -> Iterator[Batch[Item]]:
        """What has been written since the last time. A torn last line waits for its end."""
        batch: Batch[Item] = Batch()
        weight = 0
        self._tail.look()
        for source in self._tail.sources:
            reader = self._readers.get(source)
            if reader is None:
                reader = self._readers[source] = self._make()
            for _, part, at, line in self._tail.lines(source):
                name = part.path.name
                end = at + len(line)
                again = end <= self._done.get(name, 0)
                try:
                    item = reader.read(part.path, at, line, again=again)
                except (KeyError, TypeError, ValueError, AttributeError):
                    # A line that no recorder wrote.
                    item = None
                if again:
                    continue
                batch.files[name] = end
                if item is None:
                    continue
                batch.items.append(item)
                weight += len(line)
                if len(batch.items) >= _MOST or weight >= _MOST_BYTES:
                    yield batch
                    batch, weight = Batch[Item](), 0
        if batch.files:
            yield batch

    def is_at_end(self) -> bool:
        """Whether nothing has been written that was not read."""
        return self._tail.is_at_end()
