"""Finds where a closer look is needed.

Two engines with equal answers: hyperscan, and Python's regular expressions where that is not to be had or not compiled
yet.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Protocol

from tachograph.redaction.literals import required
from tachograph.redaction.rules.rule import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ESCAPES = 1_000_000
r"""The number under which an escape such as ``\u0022``, ``%3D`` or ``&quot;`` is reported."""
BASE64 = ESCAPES + 1
"""The number under which what may be a secret in base 64 is reported."""
LONG_NUMBER = ESCAPES + 2
"""The number under which a long number is reported, or four with full stops: around it those are looked at closer."""

_ESCAPES = (
    rb"\\u00[2-7][0-9a-fA-F]",
    # One by one, and not `%3d` without its neighbour: the shorter what they share, the smaller the stride of the scan.
    rb"%3D[^\n]{5}", rb"[a-z]%3d", rb"(?i)%3a[^\n]", rb"%22[^\n]{2}", rb"%26[^\n]{3}", rb"%40[^\n]{4}",
    rb"%20", rb"&quot;", rb"&#3[49];", rb"&apos;",
    # In a form-encoded query a blank is a plus sign.
    rb"(?i)\+password", rb"(?i)\+passphrase", rb"(?i)\+secret", rb"(?i)\+token", rb"(?i)\+bearer", rb"(?i)\+basic",
    rb"(?i)\+login", rb"(?i)\+alter", rb"(?i)\+create", rb"(?i)\+private", rb"(?i)\+authorization", rb"(?i)\+curl",
    rb"\+--[a-z]",
)  # fmt: skip

# Nine digits with at most two signs between neighbours: a date has eight. Shorter numbers are telephone numbers beside
# a word for it, and addresses. It is reported where a row of digits ends, and not where a digest goes on.
_LONG_NUMBER = rb"[0-9](?:[ .()\-]{0,2}[0-9]){8}(?:[^0-9a-f]|ext|$)"
_TELEPHONES = (
    rb"(?i)(?:phone|telefon|mobile|fax|desk)[^0-9\n]{0,4}\s{0,4}[^0-9\n]{0,12}[0-9]",
    rb"(?i)[0-9][\s(,-]{1,3}(?:office|fax|mobile|phone|desk)\b",
)
# Not 127.0.0.1 nor those of a private network, which stand in the records of many programs.
_FOUR_NUMBERS = rb"(?:[1-9]|[^1]0|[0-9]10)\.(?:[1-9][0-9]{0,2}\.[0-9]{1,3}|0\.[1-9][0-9]{0,2})\.[0-9]"
# In the JSON of a record, what makes the walk through it look at members by their names or places.
_STRUCTURES = (
    rb"\"sensitive\":true",
    rb"\"kind\":\"Secret\"",
    rb"(?:curl|wget|sshpass|redis-cli|docker|podman|mysql|mariadb|mysqldump|mysqladmin)\",\"",
    rb"(?i)\"(?:phone|mobile|fax|ssn|social_?security|card_?number|credit_?card)[a-z_]{0,12}\":\"?[0-9+(]",
)
_AT = ord("@")
# What may stand in front of the two colons of an address, one by one: the colons alone are too little to look for.
_COLONS = tuple(b"%c::" % sign for sign in b"0123456789abcdefABCDEF")
# And what addresses begin with that are given out, for those written in full:
# https://www.iana.org/assignments/ipv6-unicast-address-assignments
_BLOCKS = tuple(
    rb"(?i)%b:[0-9a-f]{1,4}:[0-9a-f]{1,4}:" % block
    for block in (b"2001", b"2003", b"240[0-9a-f]", b"260[0-9a-f]", b"2610", b"2620", b"280[0-9a-f]", b"2a0[0-9a-f]")
)

STRUCTURE = ESCAPES + 3
"""The number under which JSON is reported in which names and places decide."""

Window = tuple[int, int]
Hit = tuple[int, int]

_AROUND_NUMBER = 64


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


def triggers(group: Group) -> list[tuple[int, bytes]]:
    """The expressions of a group, each with the number it is reported under."""
    from tachograph.redaction.rules.catalogue import RULES

    found = [(number, rule.trigger) for number, rule in enumerate(RULES) if rule.group is group]
    if group is Group.MAIN:
        from tachograph.redaction.rules.encoded import encoded_forms

        found += [(ESCAPES, escape) for escape in _ESCAPES]
        found += [(BASE64, re.escape(form)) for form in encoded_forms()]
        found += [
            (LONG_NUMBER, number)
            for number in (_LONG_NUMBER, _FOUR_NUMBERS, *_TELEPHONES, *_COLONS, *_BLOCKS, b"::ffff:")
        ]
        found += [(STRUCTURE, structure) for structure in _STRUCTURES]
    return found


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
        if _AT in body:
            self._at(body, _note, 0, found, scratches[1])
        for begin, stop in _around(ends) if ends else ():
            near: list[Hit] = []
            self._number(body[begin:stop], _note, 0, near, scratches[2])
            found.extend((number, begin + end) for number, end in near)
        if self._with_optional:
            self._optional(body, _note, 0, found, scratches[3])


def _around(ends: list[int]) -> Iterator[Window]:
    """What is around some places, without overlap."""
    ends.sort()
    begin = stop = 0
    for end in ends:
        if end - _AROUND_NUMBER > stop:
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
        self._gates = [
            re.compile(gate)
            for gate in (_LONG_NUMBER, _FOUR_NUMBERS, *_TELEPHONES, *_BLOCKS, rb"[0-9a-fA-F]::|::ffff:")
        ]

    def hit(self, body: bytes) -> bool:
        """See :class:`Engine`."""
        return next(self._found(body), None) is not None

    def find(self, body: bytes, parts: Sequence[Window] | None = None) -> list[Hit]:
        """See :class:`Engine`."""
        found = [
            (number, begin + end)
            for begin, stop in parts or ((0, len(body)),)
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
