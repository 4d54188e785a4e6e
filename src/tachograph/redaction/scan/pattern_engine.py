"""The engine that searches for triggers with Python's regular expressions: the same hits as hyperscan, slower."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.scan.engine import AT, around
from tachograph.redaction.scan.literals import required
from tachograph.redaction.scan.triggers import GATES, triggers
from tachograph.redaction.trigger_groups import LONG_NUMBER, Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tachograph.redaction.scan.engine import Hit, Window


class _Trigger:
    """One expression. It is compiled when a text has a literal without which it cannot match."""

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
        Whether it also looks for what is redacted on request only.
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
        return next(self._hits(body), None) is not None

    def find(self, body: bytes, parts: Sequence[Window] | None = None) -> list[Hit]:
        """See :class:`Engine`."""
        hits = [
            (number, begin + end)
            for begin, stop in (((0, len(body)),) if parts is None else parts)
            for number, end in self._hits(body[begin:stop])
        ]
        hits.sort()
        return hits

    def _hits(self, body: bytes) -> Iterator[Hit]:
        lowered = body.lower()
        for trigger in self._triggers:
            if trigger.group is Group.AT and AT not in body:
                continue
            text = lowered if trigger.lower else body
            if not trigger.required or any(one in text for one in trigger.required):
                for end in _ends(trigger.compiled, body):
                    yield trigger.number, end
        ends = [end for gate in self._gates for end in _ends(gate, body)]
        for begin, stop in around(ends) if ends else ():
            near = body[begin:stop]
            for trigger in self._numbers:
                for end in _ends(trigger.compiled, near):
                    yield trigger.number, begin + end


def _ends(trigger: re.Pattern[bytes], body: bytes) -> Iterator[int]:
    """The end of a match from each place at which one begins, because automata report all ends."""
    match = trigger.search(body)
    while match is not None:
        yield match.end()
        match = trigger.search(body, match.start() + 1)
