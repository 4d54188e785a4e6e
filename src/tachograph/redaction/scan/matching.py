"""Applies a rule near the places at which the scan found its trigger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tachograph.redaction.catalogue import RULES
from tachograph.redaction.marker import LONGEST, WHOLE, marker_over
from tachograph.redaction.rule_types import Around, Behind, Below
from tachograph.redaction.text_span import Span
from tachograph.redaction.trigger_groups import ESCAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tachograph.redaction.rule_types import Check, Finder, Rule
    from tachograph.redaction.scan.engine import Hit, Window

_MOST_REFUSED = 16
_DIGITS = re.compile(rb"[0-9]+")
_MOST_SIGNS = 24
_SIGNS = b" \t\"'\\`=:>"
_ENDS = (b'"', b"'", b"`", b"\n")
_GROUPS = ("secret", "quoted", "cut", "block", "bare", "single", "double")


class _Compiled(NamedTuple):
    """A rule with its expressions compiled."""

    rule: Rule
    check: Check | None
    search: Callable[..., re.Match[bytes] | None]
    match: Callable[..., re.Match[bytes] | None]
    left: Callable[..., re.Match[bytes] | None] | None
    groups: tuple[str, ...]


_compiled_rules: dict[int, _Compiled] = {}


def _compiled(number: int, find: Around | Behind) -> _Compiled:
    compiled = _compiled_rules.get(number)
    if compiled is None:
        pattern = find.pattern.compiled
        left = find.left.compiled.match if isinstance(find, Around) and find.left is not None else None
        groups = tuple(group for group in _GROUPS if group in pattern.groupindex)
        compiled = _Compiled(RULES[number], find.check, pattern.search, pattern.match, left, groups)
        _compiled_rules[number] = compiled
    return compiled


def windows(hits: Iterable[Hit], text: bytes) -> dict[int, list[Window]]:
    """By the number of a trigger, the parts of the text in which its rule may match, from left to right.

    Parameters
    ----------
    hits
        The hits of the scan: numbers of triggers, and where each ends; sorted.
    text
        The text that they are of.
    """
    rows: dict[int, list[Window]] = {}
    size = len(text)
    for number, end in hits:
        row = rows.get(number)
        if row is None:
            row = rows[number] = []
        if number >= ESCAPES:
            row.append((end, end))
            continue
        find = RULES[number].find
        if type(find) is not Around:
            at = end - find.back if type(find) is Behind else end
            if not row or row[-1][0] != at:
                row.append((at, at))
            continue
        start, stop = max(0, end - find.reach), min(size, end + find.tail)
        if find.signs:
            start += len(text[start:end].rstrip(find.signs))
        if row and start < row[-1][1]:
            row[-1] = (row[-1][0], stop)
        else:
            row.append((start, stop))
    return rows


def matches(number: int, text: bytes, windows: list[Window]) -> Iterator[Span]:
    """What a rule redacts in a text.

    Parameters
    ----------
    number
        The number of its trigger.
    text
        The text.
    windows
        Where the rule may match, from left to right.
    """
    rule = RULES[number]
    match find := rule.find:
        case Around():
            return _around(_compiled(number, find), find, text, windows)
        case Behind():
            return _behind(_compiled(number, find), text, windows)
        case Below():
            return _below(rule, find.finder, text, windows)


def _around(compiled: _Compiled, find: Around, text: bytes, windows: list[Window]) -> Iterator[Span]:
    _, _, search, match_at, left, _ = compiled
    size = len(text)
    for start, stop in windows:
        at = start
        last = stop - find.tail if stop < size and not find.beyond else stop
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
            elif kind := _kind(compiled, match):
                yield _span(compiled, match, kind)
                at = max(match.end(), first + 1)
            else:
                at = _passed(find.signs, match)


def _passed(signs: bytes, match: re.Match[bytes]) -> int:
    """Where the search continues after a match that the check refused."""
    text, first, end = match.string, match.start(), match.end()
    if not signs or text[first - 1 : first] == b"%":
        # Behind a per cent sign, the digits may begin with an escape.
        return first + 1
    if b"@" in signs:
        # The second address of `a@b.example@c.example`.
        return text.index(b"@", first) + 1 if text[end : end + 1] == b"@" else end
    run = _DIGITS.match(text, first)
    return first + 1 if run is None else run.end()


def _behind(compiled: _Compiled, text: bytes, windows: list[Window]) -> Iterator[Span]:
    match_at = compiled.match
    done = refused_to = -1
    refused = 0
    for at, _ in windows:
        if at < done or _at_marker(text, at):
            continue
        if at >= refused_to:
            refused = 0
        elif refused > _MOST_REFUSED:
            # Name after name without a blank: each would be matched to the end again.
            continue
        match = match_at(text, at)
        if match is None:
            continue
        span = _span(compiled, match, kind) if (kind := _kind(compiled, match)) else None
        if span is not None and marker_over(text, span.start) is None:
            yield span
            done = max(match.end(), at + 1)
        else:
            refused += 1
            refused_to = max(refused_to, match.end())


def _below(rule: Rule, finder: Finder, text: bytes, windows: list[Window]) -> Iterator[Span]:
    done = -1
    for at, _ in windows:
        if at < done:
            continue
        cells, done = finder(text, at)
        for first, last, kind in cells:
            if WHOLE.match(text, first) is None:
                yield Span(first, last, kind, rule.rank, rule.tagged)


def _kind(compiled: _Compiled, match: re.Match[bytes]) -> str:
    """The kind of a match; empty if it is refused."""
    if compiled.check is None:
        return compiled.rule.kind
    decision = compiled.check(match)
    return compiled.rule.kind if decision is True else decision or ""


def _span(compiled: _Compiled, match: re.Match[bytes], kind: str) -> Span:
    rule = compiled.rule
    first, last = match.span()
    for group in compiled.groups:
        if match.start(group) >= 0:
            first, last = match.span(group)
            break
    return Span(first, last, kind, rule.rank, rule.tagged)


def _at_marker(text: bytes, place: int) -> bool:
    """Whether a place is in a marker, or in front of a marker that is the whole value."""
    if marker_over(text, place) is not None:
        return True
    ahead = text[place : place + _MOST_SIGNS + LONGEST].lstrip(_SIGNS)
    marker = WHOLE.match(ahead)
    return marker is not None and ahead[marker.end() : marker.end() + 1] in _ENDS
