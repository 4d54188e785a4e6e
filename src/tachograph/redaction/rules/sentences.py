"""Secrets in sentences: the password is …, log in with password …, use … as the key."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, Around, Rank, Rule
from tachograph.redaction.words.expressions import either, keys_of
from tachograph.redaction.words.looks import is_phrase, looks_like_words
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_words import AS_NOUN, NOUN, NOUN_IS, WITH_NOUN

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
# An address, a path, a version, a time or a size.
_NO_VALUE = re.compile(
    rb"[a-z][a-z0-9]{1,12}://|[.~]{0,2}/|v?\d+(?:\.\d+)+\Z|[\d.:,+-]+[a-zA-Z%]{0,5}\Z|\w+\(|\$|[\w.-]+\.[a-z]{2,4}\Z",
    re.IGNORECASE,
)


def _not_words(match: re.Match[bytes]) -> bool:
    return not is_placeholder(match["secret"]) and not looks_like_words(match["secret"])


def _is_said(match: re.Match[bytes]) -> bool:
    value = match["secret"]
    words = looks_like_words(value) and not is_phrase(value)
    return not is_placeholder(value) and (match["q"] is not None or not words)


def _is_said_far_away(match: re.Match[bytes]) -> bool:
    """Whether a value further from its name looks like one."""
    value = match["secret"]
    mixed = any(48 <= char <= 57 for char in value) and any(char > 64 for char in value)
    return (
        (mixed or is_phrase(value)) and len(value) > 5 and not is_placeholder(value) and _NO_VALUE.match(value) is None
    )


_NOUN = either(NOUN)
_NOUN_IS = b"(?:" + either(NOUN_IS) + b"|(?:" + keys_of(NOUN_IS) + b")[ _-]?key)"
_WITH_NOUN = b"(?:" + either(WITH_NOUN) + b")"
_AS_NOUN = b"(?:" + either(AS_NOUN) + b"|(?:" + keys_of(AS_NOUN) + b") key)"
_OF = (
    rb"for|of|on|at|to|in|f\xc3\xbcr|von|vom|der|des|de|du|del|di|da|do|para|pour|\xd0\xbe\xd1\x82"
    rb"|\xd0\xb4\xd0\xbb\xd1\x8f"
)
_IS = rb"is|it's|was|are|ist|lautet|est|es|\xc3\xa9"
# The secret in a sentence: in quotes, or up to the end of a clause.
_SAID = rb"(?P<q>\\{0,15}[\"'`]|\xc2\xab\s?)?(?P<secret>[^\s\"'`<>\\,;]{4,256}(?<![.,;:?)\]}]))"

SENTENCES: tuple[Rule, ...] = (
    Rule(
        "password",
        rb"(?i)\sas (?:the|my|your|its) " + _AS_NOUN + rb"(?:[^a-z]|$)",
        Around(
            LazyPattern(
                rb"\b(?:use|using|try|enter|take)\s{1,2}(?:\\{0,15}[\"'`])?(?P<secret>[^\s\"'`]{6,256})(?:\\{0,15}[\"'`])?\s{1,2}"
                rb"as (?:the|my|your|its) " + _AS_NOUN,
                re.IGNORECASE,
            ),
            _not_words,
            reach=320,
            tail=16,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        b"(?i)" + _NOUN_IS + rb"\s{1,2}"
        rb"(?:is|was|are|to)[\s:]",
        Around(
            LazyPattern(
                _NOUN_IS + rb"\s{1,2}"
                rb"(?:is|was|are|to)\s?:?\s{1,2}(?:now\s)?" + _SAID,
                re.IGNORECASE,
            ),
            _is_said,
            left=AT_LEFT,
            reach=32,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    # The key for the tests is …, das Passwort für den Server lautet …, el token de la base es ….
    Rule(
        "password",
        rb"(?i)(?:" + _NOUN + rb")\s(?:" + _OF + rb")\s[^\n.;:=]{1,48}(?:\s(?:" + _IS + rb"):?|:)\s",
        Around(
            LazyPattern(
                rb"(?:" + _NOUN + rb")\s(?:" + _OF + rb")\s[^\n.;:=]{1,48}?(?:\s(?:" + _IS + rb"):?|:)\s{1,2}" + _SAID,
                re.IGNORECASE,
            ),
            _is_said_far_away,
            left=AT_LEFT,
            reach=96,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)\b(?:with|using|and) (?:the |my |your )?" + _WITH_NOUN + rb" [^\s]",
        Around(
            LazyPattern(
                rb"\b(?:with|using|and) (?:the |my |your )?" + _WITH_NOUN + b" " + _SAID,
                re.IGNORECASE,
            ),
            _is_said_far_away,
            reach=48,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)(?:credentials?|logins?)[^\n:]{0,48}:\s{1,2}[\w.@-]{1,64}\s?/\s?[^\s/]",
        Around(
            LazyPattern(
                rb"(?:credentials?|logins?)[^\n:]{0,48}:\s{1,2}[\w.@-]{1,64}\s?/\s?" + _SAID,
                re.IGNORECASE,
            ),
            _is_said_far_away,
            reach=160,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
)
"""Sentences."""
