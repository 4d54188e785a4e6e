"""Decodes escapes and base 64 within a text, and maps places of the decoded text back to the original."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

# Each kind of escape begins with another character, by which the search skips to it.
_ESCAPED = re.compile(
    rb"\\(?:\\*u00([2-7][0-9a-fA-F])|([nrt\"\\/]))|%([2-7][0-9a-fA-F])|&(quot|apos|amp|lt|gt|#3[49]|#x2[27]);"
)
_QUERY = re.compile(rb"(?:^|[?&])[^\s=&#\"'<>]{1,64}=[^\s&#\"'<>]{1,8192}")
_ENTITIES = {
    b"quot": b'"', b"apos": b"'", b"amp": b"&", b"lt": b"<", b"gt": b">", b"#34": b'"', b"#39": b"'", b"#x22": b'"',
    b"#x27": b"'",
}  # fmt: skip
_JSON = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_RUN = re.compile(rb"[A-Za-z0-9+/_-]*={0,2}")
_RUN_REVERSED = re.compile(rb"[A-Za-z0-9+/_-]*")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BREAK = re.compile(rb"(?:\r?\n|\\n)[ \t]*")
_LINE = re.compile(rb"(?:\r?\n|\\n)[ \t]*([A-Za-z0-9+/_-]{4,}={0,2}|[A-Za-z0-9+/_-]{2,3}={1,2})(?=[\\\"'\s]|\Z)")
# For text that is read backwards.
_BREAK_REVERSED = re.compile(rb"[ \t]*(?:\n\r?|n\\)([A-Za-z0-9+/_-]{60,})")
_LEAST_WIDTH = 60
_NEAR = 4096
_LEAST = 16


class View(NamedTuple):
    """A text without its escapes.

    Parameters
    ----------
    text
        The text.
    starts, shifts
        From each of these places on, in rising order, a place of the text is so much further on in the original.
    """

    text: bytes
    starts: list[int]
    shifts: list[int]

    def original(self, place: int) -> int:
        """The place in the original of a place of the text."""
        at = bisect_right(self.starts, place) - 1
        return place + (self.shifts[at] if at >= 0 else 0)


def _sign(match: re.Match[bytes]) -> bytes:
    if match[2] is not None:
        return _JSON.get(match[2], match[2])
    if match[4] is not None:
        return _ENTITIES[match[4]]
    return bytes([int(match[1] or match[3], 16)])


def _with_blanks(match: re.Match[bytes]) -> bytes:
    return match[0].replace(b"+", b" ")


def unescaped(text: bytes) -> View:
    """A text with the escapes of JSON, URLs and HTML for ASCII signs undone, once."""
    if b"+" in text:
        text = _QUERY.sub(_with_blanks, text)
    pieces: list[bytes] = []
    starts: list[int] = []
    saved: list[int] = []
    at = size = 0
    for match in _ESCAPED.finditer(text):
        pieces.append(text[at : match.start()])
        pieces.append(_sign(match))
        size += match.start() - at + 1
        starts.append(size)
        saved.append(match.end() - match.start() - 1)
        at = match.end()
    pieces.append(text[at:])
    return View(b"".join(pieces), starts, list(accumulate(saved)))


class Run(NamedTuple):
    """A run of base 64, and the decoded text near a place in it."""

    start: int
    end: int
    text: bytes


def decoded(text: bytes, place: int) -> Run | None:
    """The run of base 64 around a place and the text in it; None if it is not text.

    Parameters
    ----------
    text
        The text.
    place
        A place in the run; what is more than some thousand letters away is not decoded.
    """
    low = max(0, place - _NEAR)
    back = _RUN_REVERSED.match(text[low:place][::-1])
    start = place - (back.end() if back is not None else 0)
    forward = _RUN.match(text, place)
    end = forward.end() if forward is not None else place
    if end - start < _LEAST:
        return None
    start, end = _wrapped_start(text, start, end), _wrapped_end(text, start, end)
    for skipped in range(4):
        piece = _BREAK.sub(b"", text[start + skipped : min(end, place + _NEAR)]).rstrip(b"=").translate(_URL_SAFE)
        piece = piece[: len(piece) - (len(piece) % 4 == 1)]
        try:
            body = base64.b64decode(piece + b"=" * (-len(piece) % 4))
        except (binascii.Error, ValueError):
            continue
        if _is_text(body):
            return Run(start + skipped, end, body)
    return None


def _wrapped_start(text: bytes, start: int, end: int) -> int:
    """Where a run begins that continues lines in front of it, of its length or, if it is the last line, longer."""
    low = max(0, start - _NEAR)
    width = end - start
    while start > low:
        before = _BREAK_REVERSED.match(text[low:start][::-1])
        if before is None or len(before[1]) < max(_LEAST_WIDTH, width):
            break
        start -= before.end()
        width = len(before[1])
    return start


def _wrapped_end(text: bytes, start: int, end: int) -> int:
    """Where a run ends that continues in more lines of the same length, the last of which may be shorter."""
    width = end - start
    while width >= _LEAST_WIDTH and text[end - 1 : end] != b"=":
        line = _LINE.match(text, end)
        if line is None or len(line[1]) > width:
            break
        end = line.end()
        if len(line[1]) < width:
            break
    return end


_CONTROL = re.compile(rb"[^\t\n\r\x20-\x7e]")


def _is_text(body: bytes) -> bool:
    # A few bytes may be of another encoding, or a length.
    return len(body) > 8 and len(_CONTROL.findall(body)) * 8 <= len(body)
