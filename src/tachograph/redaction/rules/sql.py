"""Passwords in statements of SQL that create or alter a user; rows that are inserted are in `tables`."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Rank, Rule
from tachograph.redaction.words.looks import looks_like_words
from tachograph.redaction.words.placeholder import is_placeholder

_STATEMENT = re.compile(rb"\b(?:create|alter|grant|set)\s")
_SQL_STRING = (
    rb"(?:\\{0,15}'(?P<single>[^'\n]{2,512})'|\\{0,15}\"(?P<double>[^\"\n]{2,512})\"|(?P<secret>[^\s'\"\\;,()]{3,512}))"
)


def _quoted_or_bare(match: re.Match[bytes]) -> bool:
    bare = match["secret"]
    if bare is not None:
        before = match.string[max(0, match.start() - 200) : match.end()].lower()
        if _STATEMENT.search(before) is None or (looks_like_words(bare) and bare.islower()):
            return False
    return not is_placeholder(match["single"] or match["double"] or match["secret"])


SQL: tuple[Rule, ...] = (
    # In quotes anywhere, without quotes in a statement only.
    *(
        Rule(
            "password",
            trigger,
            Around(
                LazyPattern(
                    rb"identified\s{1,4}(?:with\s{1,4}[\w'\"\\]{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?"
                    + _SQL_STRING,
                    re.IGNORECASE,
                ),
                _quoted_or_bare,
                reach=320,
            ),
            "https://dev.mysql.com/doc/refman/8.4/en/create-user.html",
            Rank.KEYED,
        )
        for trigger in (
            rb"(?i)identified\s{1,4}(?:with\s{1,4}[\w'\"\\]{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?\\{0,15}[\"']",
            rb"(?i)(?:create|alter|grant|set)\s[^;]{1,200}identified\s",
        )
    ),
    Rule(
        "password",
        rb"(?i)(?:user|role|group|login)\s[^\n;]{1,160}\spassword\s{1,4}[^\s=]",
        Around(
            LazyPattern(
                rb"(?:create|alter)\s{1,4}(?:user|role|group|login)\s[^\n;]{1,160}?\spassword\s{1,4}" + _SQL_STRING,
                re.IGNORECASE,
            ),
            _quoted_or_bare,
            reach=320,
        ),
        "https://www.postgresql.org/docs/current/sql-createrole.html",
        Rank.KEYED,
    ),
)
"""Statements of SQL."""
