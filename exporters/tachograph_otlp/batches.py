"""Divides what one signal sends into batches, reading the journals of a run from where an earlier reading stopped."""

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

_MOST_ITEMS = 512
"""Items of a batch; the SDK's own default."""
_MOST_BYTES = 2_000_000
"""Bytes of journal that the items of a batch come from: receivers refuse requests of more than 4 MB by default."""


@dataclass(slots=True)
class Batch(Generic[Item]):
    """Items that are sent in one request.

    Attributes
    ----------
    items
        The items.
    positions
        For each file of the journals, the byte up to which it has been sent once this batch is.
    """

    items: list[Item] = field(default_factory=list[Item])
    positions: dict[str, int] = field(default_factory=dict[str, int])


class ItemReader(Protocol[Item_co]):
    """Turns the lines of one journal, given in their order, into items to send."""

    def read(self, path: Path, at: int, line: bytes, *, already_sent: bool) -> Item_co | None:
        """Read one line and return the item to send for it, None if there is none.

        Parameters
        ----------
        path
            The file of the line.
        at
            The byte it begins at.
        line
            The line; it need not hold a record.
        already_sent
            Whether an earlier batch covered the line: then it is read only because later lines may depend on it.
        """
        ...


class Batcher(Generic[Item]):
    """Reads the items of one signal, in batches.

    Parameters
    ----------
    run_dir
        The run's folder.
    positions
        For each file of the journals, the byte up to which it has been sent.
    new_reader
        Makes the reader of one journal.
    """

    def __init__(self, run_dir: Path, positions: dict[str, int], new_reader: Callable[[], ItemReader[Item]]) -> None:
        self._tail = Tail(run_dir)
        self._sent_positions = dict(positions)
        self._new_reader = new_reader
        self._readers: dict[Source, ItemReader[Item]] = {}

    def batches(self) -> Iterator[Batch[Item]]:
        """The batches of what has been written since the last call. An incomplete last line is left for a later one."""
        batch: Batch[Item] = Batch()
        size = 0
        self._tail.look(liveness=False)
        for source in self._tail.sources:
            reader = self._readers.get(source)
            if reader is None:
                reader = self._readers[source] = self._new_reader()
            for _, part, at, line in self._tail.lines(source):
                name = part.path.name
                end = at + len(line)
                already_sent = end <= self._sent_positions.get(name, 0)
                try:
                    item = reader.read(part.path, at, line, already_sent=already_sent)
                except (KeyError, TypeError, ValueError, AttributeError):
                    # No recorder wrote this line.
                    item = None
                if already_sent:
                    continue
                batch.positions[name] = end
                if item is None:
                    continue
                batch.items.append(item)
                size += len(line)
                if len(batch.items) >= _MOST_ITEMS or size >= _MOST_BYTES:
                    yield batch
                    batch, size = Batch[Item](), 0
        if batch.positions:
            yield batch

    def is_at_end(self) -> bool:
        """Whether everything that has been written was read."""
        return self._tail.is_at_end()
