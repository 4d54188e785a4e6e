"""Expressions of the names that secrets have in text, built from the words of the vocabulary."""

from __future__ import annotations

import re

from tachograph.redaction.words.expressions import alternatives, keys_of, words_of
from tachograph.redaction.words.secret_words import GLUED_SUFFIXES, NAME, SHORT_NAME, SUFFIXES, WORDS, Word

SEPARATOR = rb"[-_. ]?"
"""What may be between the words of a name."""
_TWO = 2


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
