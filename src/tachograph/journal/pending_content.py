"""The content records of calls until they are written, together with the records of their spans."""

from __future__ import annotations

from itertools import chain
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.journal.builder import Draft


class PendingContent:
    """The content records that each thread has to write with its next record of a span.

    Between the two no program's code runs. So what is pending in a thread belongs to one call.
    """

    __slots__ = ("_by_thread",)

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all: after a fork they are the parent's."""
        self._by_thread: dict[int, list[Draft]] = {}

    def add(self, draft: Draft) -> None:
        """Keep a record for the next record of a span in this thread."""
        self._by_thread.setdefault(get_ident(), []).append(draft)

    def take(self) -> Sequence[Draft]:
        """Remove and return what is pending in this thread, in the order it came."""
        return self._by_thread.pop(get_ident(), ())

    def take_all(self) -> list[Draft]:
        """Remove and return what is pending in any thread."""
        pending, self._by_thread = self._by_thread, {}
        return list(chain.from_iterable(pending.values()))
