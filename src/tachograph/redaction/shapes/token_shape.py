"""How a token that its vendor gave a shape is written down."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, Rank, Rule

WORD = rb"[A-Za-z0-9]"
SNAKE = rb"[A-Za-z0-9_]"
SLUG = rb"[A-Za-z0-9_-]"
BASE64 = rb"[A-Za-z0-9+/=_-]"
HEX = rb"[0-9a-f]"
ANY_HEX = rb"[0-9a-fA-F]"
UPPER = rb"[A-Z0-9]"
LOWER = rb"[a-z0-9]"

_NARROW = {HEX, ANY_HEX, UPPER, LOWER, rb"[0-9a-f-]"}
_ENDS_IN_SIGN = re.compile(rb"[-_:.](?:\(\?:[^()]*\)\?)?\Z")
_MOST_IN_TRIGGER = 16


def is_mixed(match: re.Match[bytes]) -> bool:
    """Whether the larger part of a match has what is drawn by chance and no name: digits, or letters of both cases."""
    secret = match["secret"]
    body = secret[len(secret) // 3 :]
    if any(48 <= c <= 57 for c in body):
        return any(c > 64 for c in body)
    return body.isalpha() and sum(c < 97 for c in body) > 2 < sum(c > 96 for c in body)


def shape(
    kind: str,
    prefix: bytes,
    body: bytes,
    least: int,
    most: int,
    source: str,
    positive: str,
    negative: str,
    *,
    left: bool = False,
    weak: bool = False,
    end: bytes = b"",
) -> Rule:
    """The rule of a token that is a prefix and a run of one class of characters.

    Parameters
    ----------
    kind
        The name in the marker, e.g. ``github-token``.
    prefix
        How it begins, an expression without capturing groups. With all its variants it needs three literal characters
        in a row; variants that share fewer than three at their beginning are rules of their own, as the scan would look
        for those few alone.
    body
        The class of the characters behind the prefix.
    least, most
        Their fewest and most in number.
    source
        The vendor's page about it.
    positive, negative
        A text that has one and a text that stays, with made-up parts: ``{w36}`` stands for 36 letters and digits, and
        so ``s`` for `SLUG`, ``b`` for base 64, ``h`` and ``H`` for small and capital hexadecimal digits, ``u`` for
        `UPPER`, ``l`` for `LOWER`, ``d`` for digits.
    left
        Whether no letter or digit may stand in front of it: for prefixes that words end in.
    weak
        Whether the body must have digits and letters, and `left` too: for prefixes that names begin with.
    end
        What must follow, as a look-ahead.
    """
    if body in _NARROW and _ENDS_IN_SIGN.search(prefix) is not None:
        # Behind a prefix of its own anything goes: what documentation and tests write there is often no such digit.
        body = SLUG if b"-" in body[-2:] else WORD
    if b"." in body:
        end = rb"(?<!\.)" + end
    return Rule(
        kind,
        b"%b%b{%d}" % (prefix, body, min(least, _MOST_IN_TRIGGER)),
        LazyPattern(b"(?P<secret>%b%b{%d,%d}%b)" % (prefix, body, least, most, end)),
        source,
        Rank.VENDOR,
        is_mixed if weak else None,
        left=AT_LEFT if left or weak else None,
        positive=positive,
        negative=negative,
    )


def parts(
    kind: str,
    trigger: bytes,
    pattern: bytes,
    source: str,
    positive: str,
    negative: str,
    *,
    left: bool = False,
    weak: bool = False,
) -> Rule:
    """The rule of a token with several parts; see :func:`shape`.

    Parameters
    ----------
    kind, source, positive, negative, left, weak
        As there.
    trigger
        An expression that matches within the token wherever `pattern` does: no groups that capture, no look-around,
        and as short as it may be.
    pattern
        The expression of the whole; what goes is the group ``secret``, or all of it.
    """
    if b"(?P<secret>" not in pattern:
        pattern = b"(?P<secret>%b)" % pattern
    return Rule(
        kind,
        trigger,
        LazyPattern(pattern),
        source,
        Rank.VENDOR,
        is_mixed if weak else None,
        left=AT_LEFT if left or weak else None,
        positive=positive,
        negative=negative,
    )
