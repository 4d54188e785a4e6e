"""Texts within texts: escapes undone and base 64 decoded, with the way back to where it stood."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

_ESCAPED = re.compile(rb"\\+u00([2-7][0-9a-fA-F])|%([2-7][0-9a-fA-F])|&(quot|apos|amp|lt|gt|#3[49]|#x2[27]);")
_ENTITIES = {
    b"quot": b'"', b"apos": b"'", b"amp": b"&", b"lt": b"<", b"gt": b">", b"#34": b'"', b"#39": b"'", b"#x22": b'"',
    b"#x27": b"'",
}  # fmt: skip
_RUN = re.compile(rb"[A-Za-z0-9+/_-]*={0,2}")
_NUR = re.compile(rb"[A-Za-z0-9+/_-]*")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
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
        """Where a place of the text is in the original."""
        at = bisect_right(self.starts, place) - 1
        return place + (self.shifts[at] if at >= 0 else 0)


def unescaped(text: bytes) -> View:
    """A text with the escapes of JSON, URLs and HTML for ASCII signs undone, once."""
    pieces: list[bytes] = []
    starts: list[int] = []
    saved: list[int] = []
    at = size = 0
    for match in _ESCAPED.finditer(text):
        pieces.append(text[at : match.start()])
        sign = _ENTITIES[match[3]] if match[3] is not None else bytes([int(match[1] or match[2], 16)])
        pieces.append(sign)
        size += match.start() - at + 1
        starts.append(size)
        saved.append(match.end() - match.start() - 1)
        at = match.end()
    pieces.append(text[at:])
    return View(b"".join(pieces), starts, list(accumulate(saved)))


class Run(NamedTuple):
    """A stretch of base 64, and what is near a place in it decoded."""

    start: int
    end: int
    text: bytes


def decoded(text: bytes, place: int) -> Run | None:
    """The stretch of base 64 around a place, and the text in it; None where it is no text.

    Parameters
    ----------
    text
        The text.
    place
        A place in the stretch; of a long one what is further than some thousand letters away is not decoded.
    """
    low = max(0, place - _NEAR)
    back = _NUR.match(text[low:place][::-1])
    start = place - (back.end() if back is not None else 0)
    forward = _RUN.match(text, place)
    end = forward.end() if forward is not None else place
    if end - start < _LEAST:
        return None
    for skipped in range(4):
        piece = text[start + skipped : min(end, place + _NEAR)].rstrip(b"=").translate(_URL_SAFE)
        piece = piece[: len(piece) - (len(piece) % 4 == 1)]
        try:
            body = base64.b64decode(piece + b"=" * (-len(piece) % 4))
        except (binascii.Error, ValueError):
            continue
        if _is_text(body):
            return Run(start + skipped, end, body)
    return None


_CONTROL = re.compile(rb"[^\t\n\r\x20-\x7e]")


def _is_text(body: bytes) -> bool:
    return len(body) > 8 and _CONTROL.search(body) is None
