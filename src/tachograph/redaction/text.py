"""Redacts one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.decoding import decoded, unescaped
from tachograph.redaction.marker import IN_URL, UNTAGGED, WHOLE, marker, marker_over, tag_of
from tachograph.redaction.rule_types import Rank
from tachograph.redaction.scan.matching import matches, windows
from tachograph.redaction.text_span import Span
from tachograph.redaction.trigger_groups import BASE64, ESCAPES
from tachograph.redaction.words.looks import looks_random

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tachograph.redaction.environment import Known
    from tachograph.redaction.policy import Policy
    from tachograph.redaction.scan.engine import Engine, Window

# Distances are bytes of the text.
_MOST_PASSES = 6
"""How often a text is redacted again around its markers before it is left as it is."""
_AROUND_MARKER = 192
"""What is read again on either side of a marker in the next pass."""
_DEEPEST = 2
"""How many encodings within each other are decoded: base 64 in escapes in a text."""
_MOST_RUNS = 200
"""How many places of base 64 are decoded in one text."""
_ESCAPED_REACH, _ESCAPED_TAIL = 2048, 8192
"""What is decoded in front of and behind an escape that the scan reports, in the first pass."""
_AROUND_ESCAPES = 1024
"""The same on both sides in the next passes, which only read around markers."""
_NAME = 256
"""What may be in front of a value with escapes: its name is decoded too."""
_BEFORE_WINDOW = 48
"""How far in front of the window of a rule an escape makes the window be decoded."""
_VALUE = 1024
"""The longest value whose line is searched for escapes."""
_WORD = 512
"""How far a part that is decoded is extended to the next blank, so that it does not end within a word."""
_AUTHORITY_REACH = 2048
"""How far in front of a secret the beginning of a URL is searched."""
_MOST_GAP = 24
"""The longest quote, colon and blanks between the name of a JSON member and its number."""
_MOST_KNOWN = 32
"""How many values that names gave away are searched in the rest of the text."""
_LEAST_KNOWN, _MOST_KNOWN_SIZE = 8, 512
"""The lengths of the values that are searched again."""

_IN_URL = re.compile(rb"""[^"'`<>{}|^]*\Z""")
_BLANKS = b" \t\n\r\x0b\x0c"
_BACKSLASH = ord("\\")
_BLANK = re.compile(rb"\s")
# The name of a variable, or without a digit.
_IS_NAME = re.compile(rb"[a-z_][a-z0-9_]*\Z|[^0-9]*\Z")
_NUMBER = b"0123456789.eE+-"
_QUOTED_NAME = re.compile(rb"(\\{0,15}\")\s{0,4}:\s{0,8}\Z")


class TextRedactor:
    """Redacts texts as UTF-8.

    Parameters
    ----------
    key
        The key of the tags.
    engine
        Gives the engine; called for each text.
    policy
        What is redacted besides the secrets, and what is not.
    known
        Secrets known by their value.
    """

    def __init__(self, key: bytes, engine: Callable[[], Engine], policy: Policy, known: Known) -> None:
        self._key = key
        self._engine = engine
        self._policy = policy
        self._off = policy.rules_off()
        self._known = known

    def __call__(self, text: bytes, tally: dict[str, int], *, custom_rules: bool = True) -> bytes:
        """A text without its secrets; the same object if there are none.

        Parameters
        ----------
        text
            UTF-8.
        tally
            Counts by kind; added to.
        custom_rules
            Whether the user's own rules apply.
        """
        spans = self.spans(text, custom_rules=custom_rules)
        # What is next to a marker may look different once the marker is there, so it is read until it stays the same.
        for _ in range(_MOST_PASSES):
            if not spans:
                break
            text, places = self.replaced(text, spans, tally)
            near = list(_parts(places, _AROUND_MARKER, _AROUND_MARKER, len(text)))
            spans = self._to_redact(text, self._matches_in(text, 0, near, custom_rules=custom_rules))
        return text

    def spans(self, text: bytes, *, custom_rules: bool = True) -> list[Span]:
        """What is redacted in a text, from left to right.

        Parameters
        ----------
        text
            UTF-8.
        custom_rules
            Whether the user's own rules apply.
        """
        return self._to_redact(text, self._matches_in(text, 0, custom_rules=custom_rules))

    def _to_redact(self, text: bytes, spans: list[Span]) -> list[Span]:
        if not spans:
            return spans
        spans.extend(_again(text, spans))
        return [span for span in _merged(spans) if self._is_redacted(text, span)]

    def _is_redacted(self, text: bytes, span: Span) -> bool:
        written = text[span.start : span.end]
        if written == IN_URL or WHOLE.fullmatch(written) is not None:
            return False
        return not self._policy.allows(written if span.secret is None else span.secret)

    def _matches_in(
        self, text: bytes, depth: int, parts: list[Window] | None = None, *, custom_rules: bool = True
    ) -> list[Span]:
        hits = self._engine().find(text, parts)
        spans = list(self._policy.custom_spans(text)) if custom_rules else []
        for value, kind in self._known.forms.items():
            spans.extend(_exact(text, value, kind))
        if hits:
            rows = windows(hits, text)
            for number, row in rows.items():
                if number < ESCAPES and number not in self._off:
                    spans.extend(matches(number, text, row))
            if depth < _DEEPEST:
                reach = (_ESCAPED_REACH, _ESCAPED_TAIL) if parts is None else (_AROUND_ESCAPES, _AROUND_ESCAPES)
                spans.extend(self._in_base64(text, rows.get(BASE64, ()), depth))
                spans.extend(self._in_escapes(text, _escaped_parts(text, rows, *reach), depth))
        return spans

    def _in_escapes(self, text: bytes, regions: Sequence[Window], depth: int) -> Iterator[Span]:
        for begin, stop in regions:
            view = unescaped(text[begin:stop])
            if view.text == text[begin:stop]:
                continue
            for span in self._matches_in(view.text, depth + 1):
                start, end = begin + view.original(span.start), begin + view.original(span.end)
                secret = view.text[span.start : span.end] if span.secret is None else span.secret
                yield span._replace(start=start, end=end, secret=secret)

    def _in_base64(self, text: bytes, places: Sequence[Window], depth: int) -> Iterator[Span]:
        seen = -1
        for place, _ in places[:_MOST_RUNS]:
            if place <= seen:
                continue
            run = decoded(text, place)
            if run is None:
                continue
            seen = run.end
            inner = [span for span in self._matches_in(run.text, depth + 1) if span.rank is not Rank.PERSONAL]
            if inner:
                first = inner[0]
                secret = run.text[first.start : first.end] if first.secret is None else first.secret
                yield first._replace(start=run.start, end=run.end, secret=secret)

    def tag(self, text: bytes, span: Span) -> str | None:
        """The tag of a secret; None if it has none.

        Parameters
        ----------
        text
            The text.
        span
            One of its :meth:`spans`.
        """
        return (
            tag_of(text[span.start : span.end] if span.secret is None else span.secret, self._key)
            if is_tagged(span)
            else None
        )

    def replaced(self, text: bytes, spans: Sequence[Span], tally: dict[str, int]) -> tuple[bytes, list[Window]]:
        """A text with markers in the places of some spans, and the places of the markers.

        Parameters
        ----------
        text
            The text.
        spans
            From left to right, without overlap.
        tally
            Counts by kind; added to.
        """
        pieces: list[bytes] = []
        places: list[Window] = []
        at = size = 0
        for span in spans:
            pieces.append(text[at : span.start])
            before = text[max(0, span.start - _AUTHORITY_REACH) : span.start]
            if _is_in_url(before):
                pieces.append(IN_URL)
            else:
                secret = text[span.start : span.end] if span.secret is None else span.secret
                quote = _missing_quote(before, secret)
                pieces.append(quote + marker(span.kind, secret, self._key if is_tagged(span) else None) + quote)
            tally[span.kind] = tally.get(span.kind, 0) + 1
            size += span.start - at
            places.append((size, size + len(pieces[-1])))
            size += len(pieces[-1])
            at = span.end
        pieces.append(text[at:])
        return b"".join(pieces), places


def _escaped_parts(text: bytes, rows: Mapping[int, list[Window]], reach: int, tail: int) -> list[Window]:
    """The parts of a text that are read with their escapes decoded."""
    parts = list(_regions(text, rows.get(ESCAPES, ()), reach, tail))
    if _BACKSLASH not in text:
        return parts
    near = [part for number, row in rows.items() if number < ESCAPES for part in _escaped(text, row)]
    if not near:
        return parts
    # What is in front decides too: a blank to begin at is searched in the first half of it only.
    near = [_at_words(text, *part, _NAME // 2) for part in _parts(near, _NAME, 0, len(text))]
    return list(_parts([*parts, *near], 0, 0, len(text)))


def _escaped(text: bytes, windows: Iterable[Window]) -> Iterator[Window]:
    """The windows with escapes in them; for a window that is one place, that place and the rest of its line."""
    for start, stop in windows:
        if start == stop:
            end = text.find(b"\n", start, start + _VALUE)
            end = end if end >= 0 else start + _VALUE
            # Two escapes in front of it may hide its name.
            if text.find(b"\\", max(0, start - 2), end) >= 0:
                yield start, end
        elif text.find(b"\\", max(0, start - _BEFORE_WINDOW), stop) >= 0:
            yield start, stop


def _is_in_url(before: bytes) -> bool:
    words = before.rsplit(None, 1)
    if not words or b":" not in words[-1] or before[-1] in _BLANKS:
        return False
    at = max(words[-1].rfind(b"://"), words[-1].rfind(b":\\/\\/"))
    return at >= 0 and _IN_URL.match(words[-1], at) is not None


def is_tagged(span: Span) -> bool:
    """Whether the marker of a span has a tag."""
    return span.tagged and span.kind not in UNTAGGED


def _missing_quote(before: bytes, secret: bytes) -> bytes:
    """The quote around a marker that takes the place of a number in JSON: that of the name in front, else nothing."""
    if secret[:1] in _NUMBER and not secret.strip(_NUMBER):
        name = _QUOTED_NAME.search(before[-_MOST_GAP:])
        if name is not None:
            return name[1]
    return b""


def _parts(places: Iterable[Window], reach: int, tail: int, size: int) -> Iterator[Window]:
    """What is around some places, without overlap."""
    begin = stop = -1
    for first, last in sorted(places):
        start, end = max(0, first - reach), min(size, last + tail)
        if start <= stop:
            stop = max(stop, end)
            continue
        if stop >= 0:
            yield begin, stop
        begin, stop = start, end
    if stop >= 0:
        yield begin, stop


def _regions(text: bytes, places: Iterable[Window], reach: int, tail: int) -> Iterator[Window]:
    """What is around some places, without overlap; it begins and ends where a word does, if it can."""
    for begin, stop in _parts(places, reach, tail, len(text)):
        yield _at_words(text, begin, stop)


def _at_words(text: bytes, begin: int, stop: int, word: int = _WORD) -> Window:
    if begin:
        edge = _BLANK.search(text, begin, begin + word)
        begin = edge.end() if edge is not None else begin
    if stop < len(text):
        edge = _BLANK.search(text, stop, stop + _WORD)
        stop = edge.start() if edge is not None else min(len(text), stop + word)
    # Half a marker would be read as a value.
    cut = marker_over(text, begin)
    begin = begin if cut is None else cut[0]
    cut = marker_over(text, stop)
    return begin, stop if cut is None else cut[1]


def _again(text: bytes, spans: list[Span]) -> list[Span]:
    """The other places of values that names gave away: once known, they are known in the rest of a text."""
    values = {text[s.start : s.end]: s.kind for s in spans if s.rank is Rank.KEYED and s.secret is None}
    again: list[Span] = []
    for value, kind in list(values.items())[:_MOST_KNOWN]:
        if (
            WHOLE.match(value) is None
            and _LEAST_KNOWN <= len(value) <= _MOST_KNOWN_SIZE
            and looks_random(value)
            and _IS_NAME.match(value) is None
        ):
            for span in _exact(text, value, kind):
                around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
                if not around.replace(b"_", b"a").isalnum():
                    again.append(span)
    return again


def _exact(text: bytes, value: bytes, kind: str) -> Iterator[Span]:
    start = text.find(value)
    while start >= 0:
        yield Span(start, start + len(value), kind, Rank.KEYED, tagged=True)
        start = text.find(value, start + len(value))


def _merged(spans: list[Span]) -> list[Span]:
    """Spans without overlap: each group of overlapping ones is redacted as a whole, named by its longest."""
    spans.sort(key=lambda span: span[:4])
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            longer, shorter = (span, last) if span.end - span.start > last.end - last.start else (last, span)
            if longer.end - longer.start == shorter.end - shorter.start and shorter.rank < longer.rank:
                longer = shorter
            merged[-1] = longer._replace(start=last.start, end=max(last.end, span.end))
        else:
            merged.append(span)
    return merged
