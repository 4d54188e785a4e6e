"""The protocol of engines, and the one that searches for triggers with hyperscan.

The other one, for when hyperscan is not installed or nothing is compiled yet, is in `pattern_engine`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from tachograph.redaction.trigger_groups import LONG_NUMBER, Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Window = tuple[int, int]
Hit = tuple[int, int]

AT = ord("@")
_AROUND_NUMBER = 64
_GAP = 96


class Engine(Protocol):
    """What the sealer needs of an engine."""

    def hit(self, body: bytes, /) -> bool:
        """Whether some bytes have any trigger."""
        ...

    def find(self, body: bytes, parts: Sequence[Window] | None = None, /) -> list[Hit]:
        """The numbers of the triggers that some bytes have, and where each ends, sorted.

        Parameters
        ----------
        body
            The bytes.
        parts
            The parts of them to look for triggers in; None for all.
        """
        ...


def _stop(_number: int, _start: int, _end: int, _flags: int, _context: Any) -> bool:
    return True


def _stop_but_for_numbers(number: int, _start: int, end: int, _flags: int, ends: Any) -> bool:
    if number != LONG_NUMBER:
        return True
    ends.append(end)
    return False


def _note(number: int, _start: int, end: int, _flags: int, hits: Any) -> None:
    hits.append((number, end))


class HyperscanEngine:
    """Scans with hyperscan, about half a GB/s.

    Parameters
    ----------
    databases
        The compiled triggers of each group.
    module
        The hyperscan module.
    optional
        Whether it also looks for what is redacted on request only.
    """

    def __init__(self, databases: Mapping[Group, Any], module: Any, *, optional: bool) -> None:
        self._databases = tuple(databases[group] for group in Group)
        self._main, self._at, self._number, self._optional = (base.scan for base in self._databases)
        self._with_optional = optional
        self._new_scratch = module.Scratch
        self._in_use: type[Exception] = module.ScratchInUseError
        self._terminated: type[Exception] = module.ScanTerminated
        self._local = threading.local()

    def hit(self, body: bytes) -> bool:
        """See :class:`Engine`."""
        try:
            scratches = self._local.scratches
        except AttributeError:
            scratches = self._local.scratches = self._fresh()
        ends: list[int] = []
        try:
            self._main(body, _stop_but_for_numbers, 0, ends, scratches[0])
            if AT in body:
                self._at(body, _stop, 0, None, scratches[1])
            if ends:
                for begin, stop in around(ends):
                    self._number(body[begin:stop], _stop, 0, None, scratches[2])
            if self._with_optional:
                self._optional(body, _stop, 0, None, scratches[3])
        except self._terminated:
            return True
        except self._in_use:
            # A signal handler that records something runs in the middle of a scan of the same thread.
            return bool(self.find(body))
        return False

    def _fresh(self) -> tuple[Any, ...]:
        return tuple(self._new_scratch(database) for database in self._databases)

    def find(self, body: bytes, parts: Sequence[Window] | None = None) -> list[Hit]:
        """See :class:`Engine`."""
        hits: list[Hit] = []
        try:
            scratches = self._local.scratches
        except AttributeError:
            scratches = self._local.scratches = self._fresh()
        try:
            self._collect(body, parts, hits, scratches)
        except self._in_use:
            hits.clear()
            self._collect(body, parts, hits, self._fresh())
        hits.sort()
        return hits

    def _collect(
        self, body: bytes, parts: Sequence[Window] | None, hits: list[Hit], scratches: tuple[Any, ...]
    ) -> None:
        if parts is None:
            self._collect_all(body, hits, scratches)
            return
        for begin, stop in parts:
            near: list[Hit] = []
            self._collect_all(body[begin:stop], near, scratches)
            hits.extend((number, begin + end) for number, end in near)

    def _collect_all(self, body: bytes, hits: list[Hit], scratches: tuple[Any, ...]) -> None:
        self._main(body, _note, 0, hits, scratches[0])
        ends = [end for number, end in hits if number == LONG_NUMBER]
        if ends:
            hits[:] = [hit for hit in hits if hit[0] != LONG_NUMBER]
        if AT in body:
            self._at(body, _note, 0, hits, scratches[1])
        for begin, stop in around(ends) if ends else ():
            near: list[Hit] = []
            self._number(body[begin:stop], _note, 0, near, scratches[2])
            hits.extend((number, begin + end) for number, end in near)
        if self._with_optional:
            self._optional(body, _note, 0, hits, scratches[3])


def around(ends: list[int]) -> Iterator[Window]:
    """What is around some places, without overlap. Near ones are joined, because each is a separate scan."""
    ends.sort()
    begin = stop = 0
    for end in ends:
        if end - _AROUND_NUMBER > stop + _GAP:
            if stop:
                yield begin, stop
            begin = end - _AROUND_NUMBER
        stop = end + _AROUND_NUMBER
    yield begin, stop
