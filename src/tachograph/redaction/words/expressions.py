"""Builds expressions from the words of the vocabulary, for the rules and the scan."""

from __future__ import annotations

import re
from functools import cache

from tachograph.redaction.words.secret_words import KEYS, WORDS


def alternatives(*words: bytes | str) -> bytes:
    """The expression of one of some words, without a group around it."""
    return b"|".join(re.escape(word if isinstance(word, bytes) else word.encode()) for word in words)


@cache
def words_of(place: int) -> tuple[bytes, ...]:
    """The words that a place knows, in the order of the table; an underscore becomes a blank.

    Parameters
    ----------
    place
        A bit of `vocabulary`.
    """
    return tuple(word.written.replace("_", " ").encode() for word in WORDS if word.places & place)


@cache
def either(place: int) -> bytes:
    """The expression of one of the words that a place knows, without a group around it."""
    return alternatives(*words_of(place))


@cache
def keys_of(place: int) -> bytes:
    """The expression of what may be in front of ``key`` at a place, without a group around it."""
    return alternatives(*(word for word, places in KEYS if places & place))
