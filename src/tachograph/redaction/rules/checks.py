"""What several rules ask of a match before it is redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.words.looks import looks_drawn, looks_like_words, looks_random
from tachograph.redaction.words.placeholder import is_placeholder, is_template

if TYPE_CHECKING:
    import re


def value_of(match: re.Match[bytes]) -> bytes:
    """The value of a match: the group ``secret``, ``bare`` or ``quoted``, whichever it has."""
    groups = match.groupdict()
    return groups.get("secret") or groups.get("bare") or groups["quoted"]


def is_filled_in(match: re.Match[bytes]) -> bool:
    """Whether the group ``secret`` is no template."""
    return not is_template(match["secret"])


def is_value(match: re.Match[bytes]) -> bool:
    """Whether the value is no template, and no placeholder if it is without quotes."""
    value = value_of(match)
    is_bare = value == match.groupdict().get("bare")
    return not (is_placeholder(value, quoted=True) if is_bare else is_template(value))


def is_not_placeholder(match: re.Match[bytes]) -> bool:
    """Whether the group ``secret`` is no placeholder."""
    return not is_placeholder(match["secret"])


def is_not_words(match: re.Match[bytes]) -> bool:
    """Whether the value is neither words nor a placeholder."""
    value = value_of(match)
    return not looks_like_words(value) and not is_placeholder(value, quoted=True)


def is_random(match: re.Match[bytes]) -> bool:
    """Whether the group ``secret`` looks like a token."""
    return looks_random(match["secret"])


def is_drawn(match: re.Match[bytes]) -> bool:
    """Whether the group ``secret`` was clearly drawn by chance."""
    return looks_drawn(match["secret"])
