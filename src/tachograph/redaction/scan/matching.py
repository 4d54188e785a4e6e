"""What a rule finds around its triggers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tachograph.redaction.catalogue import RULES
from tachograph.redaction.marker import LONGEST, WHOLE, marker_over
from tachograph.redaction.scan.triggers import ESCAPES
from tachograph.redaction.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tachograph.redaction.rule_types import Below, Rule
    from tachograph.redaction.scan.engine import Hit, Window

_MOST_REFUSED = 16
_DIGITS = re.compile(rb"[0-9]+")
_MOST_SIGNS = 24
_SIGNS = b" \t\"'\\`=:>"
_ENDS = (b'"', b"'", b"`", b"\n")
_GROUPS = ("secret", "quoted", "cut", "block", "bare", "single", "double")


class _Ready(NamedTuple):
    """A rule with its expressions compiled."""

    rule: Rule
    search: Callable[..., re.Match[bytes] | None]
    match: Callable[..., re.Match[bytes] | None]
    left: Callable[..., re.Match[bytes] | None] | None
    groups: tuple[str, ...]


@cache
def _ready(number: int) -> _Ready:
    rule = RULES[number]
    pattern = rule.pattern.compiled
    left = rule.left.compiled.match if rule.left is not None else None
    groups = tuple(group for group in _GROUPS if group in pattern.groupindex)
    return _Ready(rule, pattern.search, pattern.match, left, groups)


def windows(found: Iterable[Hit], text: bytes) -> dict[int, list[Window]]:
    """By the number of a trigger, the stretches in which its rule may match, from left to right.

    Parameters
    ----------
    found
        The numbers of triggers, and where each ends; sorted.
    text
        The text that they are of.
    """
    held: dict[int, list[Window]] = {}
    size = len(text)
    for number, end in found:
        row = held.get(number)
        if row is None:
            row = held[number] = []
        if number >= ESCAPES:
            row.append((end, end))
            continue
        rule = RULES[number]
        if rule.back is not None:
            at = end - rule.back
            if not row or row[-1][0] != at:
                row.append((at, at))
            continue
        start, stop = max(0, end - rule.reach), min(size, end + rule.tail)
        if rule.signs:
            start += len(text[start:end].rstrip(rule.signs))
        if row and start < row[-1][1]:
            row[-1] = (row[-1][0], stop)
        else:
            row.append((start, stop))
    return held


def matches(number: int, text: bytes, windows: list[Window]) -> Iterator[Span]:
    """What a rule finds in a text.

    Parameters
    ----------
    number
        The number of its trigger.
    text
        The text.
    windows
        Where the rule may match, from left to right.
    """
    ready = _ready(number)
    if ready.rule.finder is not None:
        return _below(ready.rule, ready.rule.finder, text, windows)
    return _around(ready, text, windows) if ready.rule.back is None else _behind(ready, text, windows)


def _around(ready: _Ready, text: bytes, windows: list[Window]) -> Iterator[Span]:
    rule, search, match_at, left, _ = ready
    size = len(text)
    for start, stop in windows:
        at = start
        last = stop - rule.tail if stop < size and not rule.beyond else stop
        while at <= last:
            match = search(text, at, stop)
            if match is None:
                break
            first = match.start()
            if match.end() == stop < size:
                # The window cut it short, or hid what follows it.
                match = match_at(text, first)
            if match is None or (left is not None and left(text, first) is None):
                at = first + 1
            elif kind := _kind(rule, match):
                yield _span(ready, match, kind)
                at = max(match.end(), first + 1)
            else:
                at = _passed(rule.signs, match)


def _passed(signs: bytes, match: re.Match[bytes]) -> int:
    """Where another reading of what was refused may begin."""
    text, first, end = match.string, match.start(), match.end()
    if not signs or text[first - 1 : first] == b"%":
        # Behind a per cent sign it may be an escape that the digits begin with.
        return first + 1
    if b"@" in signs:
        # Of `a@b.example@c.example` the second.
        return text.index(b"@", first) + 1 if text[end : end + 1] == b"@" else end
    run = _DIGITS.match(text, first)
    return first + 1 if run is None else run.end()


def _behind(ready: _Ready, text: bytes, windows: list[Window]) -> Iterator[Span]:
    rule, _, match_at, _, _ = ready
    done = refused_to = -1
    refused = 0
    for at, _ in windows:
        if at < done or _at_marker(text, at):
            continue
        if at >= refused_to:
            refused = 0
        elif refused > _MOST_REFUSED:
            # A name after a name without a blank: each would be read to the end again.
            continue
        match = match_at(text, at)
        if match is None:
            continue
        span = _span(ready, match, kind) if (kind := _kind(rule, match)) else None
        if span is not None and marker_over(text, span.start) is None:
            yield span
            done = max(match.end(), at + 1)
        else:
            refused += 1
            refused_to = max(refused_to, match.end())


def _below(rule: Rule, finder: Callable[[bytes, int], Below], text: bytes, windows: list[Window]) -> Iterator[Span]:
    done = -1
    for at, _ in windows:
        if at < done:
            continue
        found, done = finder(text, at)
        for first, last, kind in found:
            if WHOLE.match(text, first) is None:
                yield Span(first, last, kind, rule.rank, rule.tagged)


def _kind(rule: Rule, match: re.Match[bytes]) -> str:
    """The kind of a match; empty where it is refused."""
    if rule.check is None:
        return rule.kind
    said = rule.check(match)
    return rule.kind if said is True else said or ""


def _span(ready: _Ready, match: re.Match[bytes], kind: str) -> Span:
    rule = ready.rule
    first, last = match.span()
    for group in ready.groups:
        if match.start(group) >= 0:
            first, last = match.span(group)
            break
    return Span(first, last, kind, rule.rank, rule.tagged)


def _at_marker(text: bytes, place: int) -> bool:
    """Whether a place is in a marker, or in front of one that is all of a value."""
    if marker_over(text, place) is not None:
        return True
    ahead = text[place : place + _MOST_SIGNS + LONGEST].lstrip(_SIGNS)
    found = WHOLE.match(ahead)
    return found is not None and ahead[found.end() : found.end() + 1] in _ENDS
