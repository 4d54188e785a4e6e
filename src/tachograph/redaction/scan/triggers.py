"""The triggers of each database: those of the rules, and those after which a text is decoded or walked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.trigger_groups import BASE64, ESCAPES, LONG_NUMBER, STRUCTURE, Group
from tachograph.redaction.words.command_flags import COMMAND_FLAGS, MYSQL
from tachograph.redaction.words.expressions import alternatives, words_of
from tachograph.redaction.words.secret_words import FLAG, QUERY, QUERY_DASHED, QUERY_UNDERSCORED

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPES = (
    rb"\\u00[2-7][0-9a-fA-F]",
    # One by one, and `%3d` with its neighbour: short common literals make the stride of the scan smaller.
    rb"%3D[^\n]{5}", rb"[a-z]%3d", rb"(?i)%3a[^\n]", rb"%22[^\n]{2}", rb"%26[^\n]{3}", rb"%40[^\n]{4}",
    # PHP writes the slashes of JSON with a backslash, in JSON within JSON with three, in a record with twice as many.
    *(b":" + (rb"\\" * many + b"/") * 2 for many in (1, 2, 3, 4, 6)),
    rb"%20", rb"&quot;", rb"&#3[49];", rb"&apos;",
)  # fmt: skip
# Beginnings of flags that have a secret behind them, and more words of commands and statements.
_FLAG_STEMS = (
    b"pass", b"token", b"secret", b"api", b"auth", b"access", b"client", b"private", b"user", b"admin", b"key", b"cred",
)  # fmt: skip
_COMMAND_WORDS = (b"basic", b"login", b"alter", b"create", b"curl")


def _in_queries() -> Iterator[bytes]:
    """Triggers after which a form-encoded query is read with its plus signs as blanks."""
    flags = (flag for flag in words_of(FLAG) if not flag.startswith(_FLAG_STEMS))
    yield from (rb"(?i)\+" + re.escape(word) for word in (*words_of(QUERY), *_COMMAND_WORDS))
    yield from (rb"\+--" + re.escape(flag) for flag in (*_FLAG_STEMS, *flags))
    yield from (rb"(?i)-" + re.escape(word) + rb"\+" for word in words_of(QUERY_DASHED))
    yield from (rb"(?i)_" + re.escape(word) + rb"\+" for word in words_of(QUERY_UNDERSCORED))


# Nine digits with at most two signs between neighbours: a date has eight. Shorter numbers are telephone numbers next to
# a word for it, and addresses. It is reported at the end of a row of digits, unless it continues as a digest.
_LONG_NUMBER = rb"[0-9](?:[ .()\-]{0,2}[0-9]){8}(?:[^0-9a-f]|ext|$)"
_TELEPHONES = (
    rb"(?i)(?:phone|telefo|tel\xc3\xa9fo|mobil|m\xc3\xb3vil|portable|cellular|fax|desk)[^0-9\n]{0,4}\s{0,4}[^0-9\n]{0,12}[0-9]",
    rb"(?i)[0-9][\s(,-]{1,3}(?:office|fax|mobile|phone|desk)\b",
)
# Account numbers of some countries are mostly letters.
_ACCOUNT = rb"(?i)(?:\biban|konto|bankverb|beneficiary)"
# Not 127.0.0.1 nor 10.0.0.0/8, which are in the records of many programs.
_FOUR_NUMBERS = rb"(?:[1-9]|[^1]0|[0-9]10)\.(?:[1-9][0-9]{0,2}\.[0-9]{1,3}|0\.[1-9][0-9]{0,2})\.[0-9]"
# JSON in which names or places of members decide, so that the value has to be walked.
_STRUCTURES = (
    rb"\"sensitive\":true",
    rb"\"kind\":\"Secret\"",
    b"(?:" + alternatives(*COMMAND_FLAGS, *MYSQL) + rb")\",\"",
    rb"(?i)\"(?:phone|mobile|fax|ssn|social_?security|card_?number|credit_?card)[a-z_]{0,12}\":\"?[0-9+(]",
)
# Each character that can be in front of the two colons of an address: the colons alone are too short for the scan.
_COLONS = tuple(b"%c::" % sign for sign in b"0123456789abcdefABCDEF")
_MAPPED = b"::ffff:"
# The blocks that are given out, for addresses that are written in full:
# https://www.iana.org/assignments/ipv6-unicast-address-assignments
_BLOCKS = tuple(
    rb"(?i)%b:[0-9a-f]{1,4}:[0-9a-f]{1,4}:" % block
    for block in (b"2001", b"2003", b"240[0-9a-f]", b"260[0-9a-f]", b"2610", b"2620", b"280[0-9a-f]", b"2a0[0-9a-f]")
)
GATES = (_LONG_NUMBER, _ACCOUNT, _FOUR_NUMBERS, *_TELEPHONES, *_BLOCKS, rb"[0-9a-fA-F]::", _MAPPED)
"""What is reported as `LONG_NUMBER`, in as few expressions as possible."""


def triggers(group: Group) -> list[tuple[int, bytes]]:
    """The expressions of a group, each with the number it is reported under."""
    from tachograph.redaction.catalogue import RULES

    expressions = [(number, rule.trigger) for number, rule in enumerate(RULES) if rule.group is group]
    if group is Group.MAIN:
        from tachograph.redaction.scan.base64_prefixes import encoded_forms

        expressions += [(ESCAPES, escape) for escape in (*_ESCAPES, *_in_queries())]
        expressions += [(BASE64, re.escape(form)) for form in encoded_forms()]
        expressions += [
            (LONG_NUMBER, number)
            for number in (_LONG_NUMBER, _ACCOUNT, _FOUR_NUMBERS, *_TELEPHONES, *_COLONS, *_BLOCKS, _MAPPED)
        ]
        expressions += [(STRUCTURE, structure) for structure in _STRUCTURES]
    return expressions
