"""Reads the journals of a run from where it left off, and hands out what one signal sends, in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

import orjson

from tachograph.journal import journal_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)

_MOST = 512
"""Items of a batch; the SDK's own default."""
_MOST_BYTES = 2_000_000
"""Bytes of the journal a batch may stand for: receivers refuse requests of more than 4 MB by default."""
_CHUNK = 1 << 20


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

    def __init__(self, run_dir: Path, files: dict[str, int], reader: Any) -> None:
        self._run_dir = run_dir
        self._done = dict(files)
        self._read: dict[str, int] = {}
        self._make = reader
        self._readers: dict[tuple[int, int], Reader[Item]] = {}

    def batches(self) -> Iterator[Batch[Item]]:
        """What has been written since the last time. A torn last line waits for its end."""
        batch: Batch[Item] = Batch()
        weight = 0
        for parts in journal_files(self._run_dir):
            key = (parts[0].pid, parts[0].start_ns)
            reader = self._readers.get(key)
            if reader is None:
                reader = self._readers[key] = self._make()
            for part in parts:
                name = part.path.name
                for at, line in _lines(part.path, self._read.get(name, 0)):
                    end = at + len(line)
                    self._read[name] = end
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
        for parts in journal_files(self._run_dir):
            for part in parts:
                at = self._read.get(part.path.name, 0)
                try:
                    # What broke off within a line is no line, and gets its end only from a process that lives.
                    if part.path.stat().st_size > at and next(_lines(part.path, at), None) is not None:
                        return False
                except OSError:
                    continue
        return True


def _lines(path: Path, at: int) -> Iterator[tuple[int, bytes]]:
    try:
        file = path.open("rb", buffering=_CHUNK)
    except OSError:
        return
    with file:
        file.seek(at)
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield at, line
            at += len(line)


def record_of(line: bytes) -> dict[str, Any] | None:
    """The record of a line, None where it is torn or none of ours."""
    try:
        loaded: object = orjson.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else None
