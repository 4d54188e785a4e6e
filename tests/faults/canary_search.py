"""Finds what is left of secrets in bytes, in any way it may be written there."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
_WORD = re.compile(rb"[A-Za-z0-9]{8,}")
_NUMBER = re.compile(rb"[0-9][0-9 .-]{8,}")
_ADDRESS = re.compile(rb"[0-9a-f:]{14,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ESCAPE = re.compile(rb"\\+(?:u00([0-9a-fA-F]{2})|x([0-9a-fA-F]{2})|(.))")
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LEAST = 8
_LEAST_HEX = 16
_AROUND = 60


class Owner(NamedTuple):
    """Whose a stretch of letters is: the kind of the secret, and the carrier it was planted in."""

    kind: str
    carrier: str


class Found(NamedTuple):
    """A stretch of a secret, and where it was found."""

    kind: str
    carrier: str
    sink: str
    text: str

    def __str__(self) -> str:
        """One line of a failure."""
        return f"{self.kind}, planted in {self.carrier}, found in {self.sink}: …{' '.join(self.text.split())}…"


class Search:
    """Looks for any stretch of eight letters of some secrets; of numbers and hexadecimal digits, which ids and times
    are made of as well, for twice as much.

    Parameters
    ----------
    hidden
        What may be found nowhere, and whose it is.
    """

    def __init__(self, hidden: Iterable[tuple[str, Owner]]) -> None:
        self._owners: dict[bytes, Owner] = {}
        self._sizes: set[int] = set()
        self._clean: set[bytes] = set()
        for text, owner in hidden:
            size = min(_size(text), len(text))
            self._sizes.add(size)
            part = text.encode()
            for at in range(len(part) - size + 1):
                self._owners.setdefault(part[at : at + size], owner)

    def __call__(self, sink: str, body: bytes) -> Iterator[Found]:
        """What of the secrets is in some bytes as they are, escaped, or in base 64.

        Parameters
        ----------
        sink
            The name of where the bytes are from.
        body
            The bytes.
        """
        seen: set[Owner] = set()
        for view in _views(body):
            for stretch in {*_WORD.findall(view), *_NUMBER.findall(view), *_ADDRESS.findall(view)} - self._clean:
                owner = self._owner(stretch)
                if owner is None:
                    self._clean.add(stretch)
                elif owner not in seen:
                    seen.add(owner)
                    at = view.find(stretch)
                    around = view[max(0, at - _AROUND) : at + len(stretch) + _AROUND]
                    yield Found(owner.kind, owner.carrier, sink, around.decode("latin-1"))

    def _owner(self, stretch: bytes) -> Owner | None:
        owners = self._owners
        for size in self._sizes:
            for at in range(len(stretch) - size + 1):
                owner = owners.get(stretch[at : at + size])
                if owner is not None:
                    return owner
        return None


def _size(text: str) -> int:
    if _HEX.match(text):
        return _LEAST_HEX
    return _LEAST if text.isalnum() else _LEAST + 1


def _views(body: bytes) -> Iterator[bytes]:
    yield body
    plain = _ESCAPE.sub(_sign, body)
    yield plain
    if b"%" in plain:
        yield unquote_to_bytes(plain)
    if b"&" in plain:
        yield html.unescape(plain.decode("latin-1")).encode("latin-1", "replace")
    yield b"\n".join(_decoded(plain))


def _sign(match: re.Match[bytes]) -> bytes:
    code = match[1] or match[2]
    return bytes([int(code, 16)]) if code else _SIGNS.get(match[3], match[3])


def _decoded(body: bytes) -> Iterator[bytes]:
    for run in set(_BASE64.findall(body)):
        for skipped in range(4):
            piece = run[skipped:].translate(_URL_SAFE)
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            try:
                yield base64.b64decode(piece + b"=" * (-len(piece) % 4))
            except binascii.Error:
                continue
