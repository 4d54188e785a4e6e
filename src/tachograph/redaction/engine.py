"""Finds where a closer look is needed.

Two engines with equal answers: hyperscan, and Python's regular expressions where that is not to be had.
"""

from __future__ import annotations

import os
import re
import threading
from typing import TYPE_CHECKING, Any, Protocol

from tachograph.redaction import cache
from tachograph.redaction.rules import RULES, Group

if TYPE_CHECKING:
    from collections.abc import Sequence

ESCAPES = len(RULES)
r"""The number under which an escape such as ``\u0022`` is reported."""

TRIGGERS: tuple[bytes, ...] = (*(rule.trigger for rule in RULES), rb"\\u00[2-7][0-9a-fA-F]")
"""What is searched for, by number."""

Window = tuple[int, int]


class Engine(Protocol):
    """What the sealer needs of an engine."""

    def hit(self, body: bytes, /) -> bool:
        """Whether any trigger stands in some bytes."""
        ...

    def find(self, body: bytes, /) -> dict[int, list[Window]]:
        """By the number of a trigger, the stretches in which its rule may match."""
        ...


# A number, as looking for bytes in bytes first makes an exception and throws it away.
_AT = ord("@")


def _stop(_number: int, _start: int, _end: int, _flags: int, _context: Any) -> bool:
    return True


def _note(number: int, _start: int, end: int, _flags: int, found: Any) -> None:
    found.append((number, end))


class HyperscanEngine:
    """Scans with hyperscan, about a GB/s.

    Parameters
    ----------
    databases
        The compiled triggers of each group.
    module
        The hyperscan module, which is imported late.
    """

    def __init__(self, databases: Sequence[Any], module: Any) -> None:
        self._databases = tuple(databases)
        self._main, self._at = (database.scan for database in self._databases)
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
        try:
            self._main(body, _stop, 0, None, scratches[0])
            if _AT in body:
                self._at(body, _stop, 0, None, scratches[1])
        except self._terminated:
            return True
        except self._in_use:
            # A signal handler that records something runs in the middle of a scan of the same thread.
            return bool(self.find(body))
        return False

    def _fresh(self) -> tuple[Any, ...]:
        return tuple(self._new_scratch(database) for database in self._databases)

    def find(self, body: bytes) -> dict[int, list[Window]]:
        """See :class:`Engine`."""
        found: list[tuple[int, int]] = []
        try:
            scratches = self._local.scratches
        except AttributeError:
            scratches = self._local.scratches = self._fresh()
        try:
            self._collect(body, found, scratches)
        except self._in_use:
            found.clear()
            self._collect(body, found, self._fresh())
        windows: dict[int, list[Window]] = {}
        found.sort()
        for number, end in found:
            row = windows.setdefault(number, [])
            start, stop = _window(number, end, len(body))
            if row and start < row[-1][1]:
                row[-1] = (row[-1][0], stop)
            else:
                row.append((start, stop))
        return windows

    def _collect(self, body: bytes, found: list[tuple[int, int]], scratches: tuple[Any, ...]) -> None:
        self._main(body, _note, 0, found, scratches[0])
        if _AT in body:
            self._at(body, _note, 0, found, scratches[1])


def _window(number: int, end: int, size: int) -> Window:
    if number == ESCAPES or RULES[number].after:
        return end, end
    rule = RULES[number]
    return max(0, end - rule.reach), min(size, end + rule.tail)


class PatternEngine:
    """Scans with Python's regular expressions, about a MB/s."""

    def __init__(self) -> None:
        self._triggers = [re.compile(trigger) for trigger in TRIGGERS]

    def hit(self, body: bytes) -> bool:
        """See :class:`Engine`."""
        return any(trigger.search(body) is not None for trigger in self._triggers)

    def find(self, body: bytes) -> dict[int, list[Window]]:
        """See :class:`Engine`."""
        windows: dict[int, list[Window]] = {}
        for number, trigger in enumerate(self._triggers):
            if number < ESCAPES and RULES[number].after:
                row = [(match.end(), match.end()) for match in trigger.finditer(body)]
            else:
                row = [(0, len(body))] if trigger.search(body) is not None else []
            if row:
                windows[number] = row
        return windows


_engine: Engine | None = None
_lock = threading.Lock()


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    # A fork in the middle of a compilation would leave the child a lock that nobody opens.
    os.register_at_fork(after_in_child=_renew_lock)


def engine() -> Engine:
    """The engine of this process, made on first use."""
    global _engine
    if _engine is None:
        with _lock:
            if _engine is None:
                _engine = _made()
    return _engine


def _made() -> Engine:
    try:
        import hyperscan
    except ImportError:
        return PatternEngine()
    return HyperscanEngine([_database(hyperscan, group) for group in Group], hyperscan)


def _database(module: Any, group: Group) -> Any:
    numbers = [n for n in range(len(TRIGGERS)) if (RULES[n].group if n < ESCAPES else Group.MAIN) is group]
    triggers = [TRIGGERS[n] for n in numbers]
    path = cache.path_for([b"%d %b" % pair for pair in zip(numbers, triggers, strict=True)], module.__version__)
    database = cache.load(path, lambda body: module.loadb(body, module.HS_MODE_BLOCK))
    if database is None:
        database = module.Database(mode=module.HS_MODE_BLOCK)
        database.compile(expressions=triggers, ids=numbers, elements=len(numbers), flags=0)
        cache.keep(path, module.dumpb(database))
    return database
