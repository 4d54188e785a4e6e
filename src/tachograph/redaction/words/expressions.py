"""Builds expressions from the words of the vocabulary, for the rules and the scan."""

from __future__ import annotations

import re
from functools import cache

from tachograph.redaction.words.vocabulary import GLUED_SUFFIXES, KEYS, NAME, SHORT_NAME, SUFFIXES, WORDS, Word

SEPARATOR = rb"[-_. ]?"
"""What may be between the words of a name."""


def alternatives(*words: bytes | str) -> bytes:
    """The expression of one of some words, without a group around it."""
    return b"|".join(re.escape(word if isinstance(word, bytes) else word.encode()) for word in words)


_TWO = 2


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


def _in_names(word: Word) -> bytes:
    if word.pattern:
        return word.pattern.encode()
    return SEPARATOR.join(re.escape(part.encode()) for part in word.written.split("_"))


NAMES = b"|".join(
    (
        *(_in_names(word) for word in WORDS if word.places & NAME),
        b"(?:" + keys_of(NAME) + b")" + SEPARATOR + b"(?:api" + SEPARATOR + b")?keys?",
    )
)
"""One of the words that names end in, without a group around it."""
SHORT_NAMES = alternatives(*(word for word in words_of(SHORT_NAME) if len(word) > _TWO))
"""One of the words that names are, without a group around it, but those of two letters."""
SHORTEST_NAMES = tuple(word for word in words_of(SHORT_NAME) if len(word) <= _TWO)
"""The words of two letters that names are. Each is a trigger of its own, or hyperscan would look for two letters."""
SUFFIX = rb"[0-9]{0,2}(?:[-_.]?(?:" + alternatives(*SUFFIXES) + rb"))?"
"""What may follow a short name, as part of the name."""
WHOLE_NAME = b"(?:" + NAMES + rb")(?:[-_.][\w-]{1,28}|[0-9]{1,3}|(?:" + alternatives(*GLUED_SUFFIXES) + b"))?"
"""A name under which a secret is, to its end; without regard to case."""
