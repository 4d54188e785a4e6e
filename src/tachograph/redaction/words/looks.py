"""What a value looks like: random, words, a passphrase."""

from __future__ import annotations

import re

_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+(?:(?:[ _./:-]+|')[A-Za-z\x80-\xff]+)*[.!?]?\Z")
_PHRASE = re.compile(rb"[A-Za-z]{3,15}(?:([-_.])[A-Za-z]{3,15})(?:\1[A-Za-z]{3,15}){2,8}\Z")
_CAMEL = re.compile(rb"(?:[A-Z]{0,5}+[a-z]{2,}+|[-_.:])++\Z")
_ALONE = re.compile(rb"(?<=[A-Z])[a-z](?=[A-Z])")
_MOST_WORD = 15
_GROUPS = re.compile(rb"[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){3,}\Z")
_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-zA-Z]{4}){3}-[0-9a-zA-Z]{12}\Z")
_HEX = re.compile(rb"[0-9a-fA-F]+\Z")
_PIECE = re.compile(rb"[A-Za-z0-9]+")
_NO_TOKEN = re.compile(
    rb"(?:[.~]{0,2}/|[A-Za-z]:\\|https?:|arn:|data:|[\w.-]+/[\w.-]+/|sha\d|(?:\d{1,23}|\d*[.,:+TZ-][\d.,:+TZ-]*)\Z|v?\d+\.\d|0x[0-9a-f]+\Z"
    rb"|[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_.]*\Z|[a-z][a-z0-9_-]*(?:\.[a-z]{1,5})\Z)"
)
_ENOUGH = 256
_LEAST_DRAWN = 16
_LEAST_PIECE = 12
_LEAST_ALIKE = 24


def count_of_digits(value: bytes) -> int:
    """How many decimal digits a value has."""
    return len(value) - len(value.translate(None, b"0123456789"))


def looks_random(value: bytes) -> bool:
    """Whether a value looks like a token: long, without blanks, not a word or a number."""
    if len(value) < 8 or b" " in value:
        return False
    value = value[:_ENOUGH]
    digits = count_of_digits(value)
    if value.strip(b"+-.").isdigit():
        return False
    if not digits and _CAMEL.match(value) is not None:
        return False
    mixed = value.lower() != value and value.upper() != value
    return digits > 0 or (mixed and len(value) >= 20)


def looks_like_words(value: bytes) -> bool:
    """Whether a value consists of words, as examples and descriptions do: letters in short runs."""
    return (
        _WORDS.match(value) is not None
        and _GROUPS.match(value) is None
        and all(len(piece) <= _MOST_WORD for piece in _PIECE.findall(value))
    )


def is_phrase(value: bytes) -> bool:
    """Whether a value is a passphrase: at least four words of at least three letters, with one separator."""
    return _PHRASE.match(value) is not None


def is_scrambled(value: bytes) -> bool:
    """Whether letters were drawn by chance: in words there are no single small letters between capitals."""
    return len(value) >= _LEAST_ALIKE and value.isalpha() and len(_ALONE.findall(value)) > 1


def looks_drawn(value: bytes, *, uuid: bool = False) -> bool:
    """Whether a value was clearly drawn by chance.

    Parameters
    ----------
    value
        The value: letters, digits and a few signs.
    uuid
        Whether a UUID counts; most are identifiers and no secrets.
    """
    if len(value) < _LEAST_DRAWN or _NO_TOKEN.match(value) is not None:
        return False
    if _UUID.match(value) is not None:
        return uuid
    value = value[:_ENOUGH]
    longest = max(_PIECE.findall(value), key=len, default=b"")
    if len(longest) < _LEAST_PIECE:
        return False
    digits = count_of_digits(longest)
    letters = len(longest) - digits
    if _HEX.match(longest) is not None:
        return len(longest) >= 20 and (digits > 0 or len(longest) >= _LEAST_ALIKE)
    if digits >= 2 and letters >= 2:
        return True
    # Long class names have letters of both cases too.
    return len(longest) >= _LEAST_ALIKE and (longest.islower() or longest.isupper())
