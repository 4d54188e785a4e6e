"""Finds where a closer look is needed.

Two engines with equal answers: hyperscan, and Python's regular expressions where that is not to be had or not compiled
yet.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Protocol

from tachograph.redaction.scan.literals import required
from tachograph.redaction.scan.triggers import GATES, triggers
from tachograph.redaction.trigger_groups import LONG_NUMBER, Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Window = tuple[int, int]
Hit = tuple[int, int]

_AT = ord("@")
_AROUND_NUMBER = 64
_GAP = 96


class Engine(Protocol):
    """What the sealer needs of an engine."""

    def hit(self, body: bytes, /) -> bool:
        """Whether any trigger stands in some bytes."""
        ...

    def find(self, body: bytes, parts: Sequence[Window] | None = None, /) -> list[Hit]:
        """The numbers of the triggers that some bytes have, and where each ends; in this order.

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


def _note(number: int, _start: int, end: int, _flags: int, found: Any) -> None:
    found.append((number, end))


class HyperscanEngine:
    """Scans with hyperscan, about half a GB/s.

    Parameters
    ----------
    databases
        The compiled triggers of each group.
    module
        The hyperscan module, which is imported late.
    optional
        Whether what is looked for on request is looked for.
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
            if _AT in body:
                self._at(body, _stop, 0, None, scratches[1])
            if ends:
                for begin, stop in _around(ends):
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
        found: list[Hit] = []
        try:
            scratches = self._local.scratches
        except AttributeError:
            scratches = self._local.scratches = self._fresh()
        try:
            self._collect(body, parts, found, scratches)
        except self._in_use:
            found.clear()
            self._collect(body, parts, found, self._fresh())
        found.sort()
        return found

    def _collect(
        self, body: bytes, parts: Sequence[Window] | None, found: list[Hit], scratches: tuple[Any, ...]
    ) -> None:
        if parts is None:
            self._collect_all(body, found, scratches)
            return
        for begin, stop in parts:
            near: list[Hit] = []
            self._collect_all(body[begin:stop], near, scratches)
            found.extend((number, begin + end) for number, end in near)

    def _collect_all(self, body: bytes, found: list[Hit], scratches: tuple[Any, ...]) -> None:
        self._main(body, _note, 0, found, scratches[0])
        ends = [end for number, end in found if number == LONG_NUMBER]
        if ends:
            found[:] = [hit for hit in found if hit[0] != LONG_NUMBER]
        if _AT in body:
            self._at(body, _note, 0, found, scratches[1])
        for begin, stop in _around(ends) if ends else ():
            near: list[Hit] = []
            self._number(body[begin:stop], _note, 0, near, scratches[2])
            found.extend((number, begin + end) for number, end in near)
        if self._with_optional:
            self._optional(body, _note, 0, found, scratches[3])


def _around(ends: list[int]) -> Iterator[Window]:
    """What is around some places, without overlap; near ones as one, as each is a scan of its own."""
    ends.sort()
    begin = stop = 0
    for end in ends:
        if end - _AROUND_NUMBER > stop + _GAP:
            if stop:
                yield begin, stop
            begin = end - _AROUND_NUMBER
        stop = end + _AROUND_NUMBER
    yield begin, stop


class _Trigger:
    """One expression, compiled when something stands in a text without which it does not match."""

    __slots__ = ("_compiled", "expression", "group", "lower", "number", "required")

    def __init__(self, number: int, expression: bytes, group: Group) -> None:
        self.number = number
        self.expression = expression
        self.group = group
        self.lower = expression.startswith(b"(?i)")
        self.required = required(expression)
        self._compiled: re.Pattern[bytes] | None = None

    @property
    def compiled(self) -> re.Pattern[bytes]:
        if self._compiled is None:
            self._compiled = re.compile(self.expression)
        return self._compiled


class PatternEngine:
    """Scans with Python's regular expressions.

    Parameters
    ----------
    optional
        Whether what is looked for on request is looked for.
    """

    def __init__(self, *, optional: bool) -> None:
        everywhere = [Group.MAIN, Group.AT, *([Group.OPTIONAL] if optional else [])]
        self._triggers = [
            _Trigger(number, trigger, group)
            for group in everywhere
            for number, trigger in triggers(group)
            if number != LONG_NUMBER
        ]
        self._numbers = [_Trigger(number, trigger, Group.NUMBER) for number, trigger in triggers(Group.NUMBER)]
        self._gates = [re.compile(gate) for gate in GATES]

    def hit(self, body: bytes) -> bool:
        """See :class:`Engine`."""
        return next(self._found(body), None) is not None

    def find(self, body: bytes, parts: Sequence[Window] | None = None) -> list[Hit]:
        """See :class:`Engine`."""
        found = [
            (number, begin + end)
            for begin, stop in (((0, len(body)),) if parts is None else parts)
            for number, end in self._found(body[begin:stop])
        ]
        found.sort()
        return found

    def _found(self, body: bytes) -> Iterator[Hit]:
        lowered = body.lower()
        for trigger in self._triggers:
            if trigger.group is Group.AT and _AT not in body:
                continue
            text = lowered if trigger.lower else body
            if not trigger.required or any(one in text for one in trigger.required):
                for end in _ends(trigger.compiled, body):
                    yield trigger.number, end
        ends = [end for gate in self._gates for end in _ends(gate, body)]
        for begin, stop in _around(ends) if ends else ():
            near = body[begin:stop]
            for trigger in self._numbers:
                for end in _ends(trigger.compiled, near):
                    yield trigger.number, begin + end


def _ends(trigger: re.Pattern[bytes], body: bytes) -> Iterator[int]:
    """The end of a match from each place where one begins, for automata report all ends."""
    match = trigger.search(body)
    while match is not None:
        yield match.end()
        match = trigger.search(body, match.start() + 1)
