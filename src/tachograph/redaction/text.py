"""Redacts one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tachograph.redaction.engine import ESCAPES, Engine, Window
from tachograph.redaction.environment import written_forms
from tachograph.redaction.marker import IN_URL, UNTAGGED, WHOLE, marker
from tachograph.redaction.rules import RULES, Rank, Rule
from tachograph.redaction.rules.keys import name_before
from tachograph.redaction.rules.names import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST_PASSES = 6
_AUTHORITY_REACH = 2048
_IN_URL = re.compile(rb"""(?:://|:\\/\\/)[^\s"'`<>{}|^]*\Z""")
_ESCAPE = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_GROUPS = ("secret", "quoted", "cut", "bare")


class _Span(NamedTuple):
    start: int
    end: int
    kind: str
    rank: Rank
    tagged: bool


class TextRedactor:
    """Redacts texts as UTF-8.

    Parameters
    ----------
    key
        The key of the tags.
    engine
        Gives the engine; called at first use.

    Attributes
    ----------
    exact
        Secrets known by their value, in each form they may be written in, the longest first.
    """

    def __init__(self, key: bytes, engine: Callable[[], Engine]) -> None:
        self._key = key
        self._engine = engine
        self.exact: Sequence[bytes] = ()

    def know(self, secret: bytes) -> None:
        """Redact a value wherever it stands from here on."""
        self.exact = sorted({*self.exact, *written_forms(secret)}, key=len, reverse=True)

    def __call__(self, text: bytes, tally: dict[str, int]) -> bytes:
        """Some text without its secrets; the same object when there are none.

        Parameters
        ----------
        text
            UTF-8.
        tally
            Counts by kind; added to.
        """
        # What stands beside a marker may look different once the marker is there, so it is read until it stays.
        for _ in range(_MOST_PASSES):
            spans, escaped = self._spans(text)
            if escaped:
                plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)
                hidden, _ = self._spans(plain)
                if len(hidden) > len(spans):
                    text, spans = plain, hidden
            if not spans:
                break
            text = self._replace(text, spans, tally)
        return text

    def _spans(self, text: bytes) -> tuple[list[_Span], bool]:
        found: list[_Span] = []
        windows = self._engine().find(text)
        for number, row in windows.items():
            if number != ESCAPES:
                found.extend(_matches(RULES[number], text, row))
        for value in self.exact:
            start = text.find(value)
            while start >= 0:
                found.append(_Span(start, start + len(value), "environment", Rank.KEYED, tagged=True))
                start = text.find(value, start + len(value))
        return _merged(found, text), ESCAPES in windows

    def _replace(self, text: bytes, spans: list[_Span], tally: dict[str, int]) -> bytes:
        pieces: list[bytes] = []
        at = 0
        for span in spans:
            pieces.append(text[at : span.start])
            before = text[max(0, span.start - _AUTHORITY_REACH) : span.start]
            if _IN_URL.search(before) is not None:
                pieces.append(IN_URL)
            else:
                secret = text[span.start : span.end]
                tagged = span.tagged and span.kind not in UNTAGGED
                pieces.append(marker(span.kind, secret, self._key if tagged else None))
            tally[span.kind] = tally.get(span.kind, 0) + 1
            at = span.end
        pieces.append(text[at:])
        return b"".join(pieces)


def _matches(rule: Rule, text: bytes, windows: list[Window]) -> Iterator[_Span]:
    pattern = rule.pattern.compiled
    groups = [group for group in _GROUPS if group in pattern.groupindex]
    for start, stop in windows:
        at = start
        while at <= stop:
            match = pattern.match(text, at) if rule.after else pattern.search(text, at, stop)
            if match is None:
                break
            if not rule.after and match.end() == stop < len(text):
                # The window cut it short, or hid what follows it.
                whole = pattern.match(text, match.start())
                if whole is None:
                    at = match.start() + 1
                    continue
                match = whole
            if rule.check is None or rule.check(match):
                group = next((group for group in groups if match[group] is not None), None)
                first, last = match.span(group) if group is not None else match.span()
                yield _Span(first, last, _kind(rule, match), rule.rank, rule.tagged)
                at = max(match.end(), match.start() + 1)
            else:
                at = match.start() + 1
            if rule.after:
                break


def _kind(rule: Rule, match: re.Match[bytes]) -> str:
    if rule.after:
        return kind_of(name_before(match.string, match.start()))
    return kind_of(match["name"]) if "name" in rule.pattern.compiled.groupindex else rule.kind


def _merged(found: list[_Span], text: bytes) -> list[_Span]:
    """Spans without overlap: each group of overlapping ones goes as a whole, named by its longest."""
    found.sort()
    merged: list[_Span] = []
    for span in found:
        if merged and span.start < merged[-1].end:
            held = merged[-1]
            longer, shorter = (span, held) if span.end - span.start > held.end - held.start else (held, span)
            if longer.end - longer.start == shorter.end - shorter.start and shorter.rank < longer.rank:
                longer = shorter
            merged[-1] = longer._replace(start=held.start, end=max(held.end, span.end))
        else:
            merged.append(span)
    return [span for span in merged if not _is_marked(text[span.start : span.end])]


def _is_marked(secret: bytes) -> bool:
    return secret == IN_URL or WHOLE.fullmatch(secret) is not None
