"""How a row of a vendor's token becomes a rule.

:func:`token` is for a prefix and a run of one class of characters, :func:`structured` for all other shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, Around, Rank, Rule
from tachograph.redaction.trigger_groups import Group

if TYPE_CHECKING:
    import re

WORD = rb"[A-Za-z0-9]"
SNAKE = rb"[A-Za-z0-9_]"
KEBAB = rb"[A-Za-z0-9-]"
SLUG = rb"[A-Za-z0-9_-]"
DOTTED = rb"[A-Za-z0-9_.-]"
BASE64 = rb"[A-Za-z0-9+/=_-]"
STANDARD_BASE64 = rb"[A-Za-z0-9+/=]"
HEX = rb"[0-9a-f]"
ANY_HEX = rb"[0-9a-fA-F]"
UPPER = rb"[A-Z0-9]"
LOWER = rb"[a-z0-9]"
UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

WORD_END = rb"(?![A-Za-z0-9])"
SNAKE_END = rb"(?![A-Za-z0-9_])"
SLUG_END = rb"(?![A-Za-z0-9_-])"
NOT_BASE64 = rb"(?![A-Za-z0-9_+/-])"
"""For tokens of fixed length: if + or / follows, it is the base 64 of something else."""

_MOST_IN_TRIGGER = 16


def is_mixed(match: re.Match[bytes]) -> bool:
    """Whether the larger part of a match looks random and not like a name: it has digits, or letters of both cases."""
    secret = match["secret"]
    body = secret[len(secret) // 3 :]
    if any(48 <= c <= 57 for c in body):
        return any(c > 64 for c in body)
    return body.isalpha() and sum(c < 97 for c in body) > 2 < sum(c > 96 for c in body)


def token(
    kind: str,
    prefix: bytes,
    body: bytes,
    length: tuple[int, int],
    *,
    positive: str,
    negative: str,
    source: str,
    word_start: bool = False,
    mixed: bool = False,
    end: bytes = b"",
) -> Rule:
    """The rule of a token that is a prefix and a run of one class of characters.

    Parameters
    ----------
    kind
        The name in the marker, e.g. ``github-token``.
    prefix
        How the token begins, an expression without capturing groups. All its variants together need three literal
        characters in a row. Variants that share fewer than three at their beginning are separate rows, because the scan
        would look for those few only.
    body
        The class of the characters behind the prefix. Behind a prefix that ends in ``-``, ``_``, ``:`` or ``.`` use
        `WORD` or `SLUG` even if the vendor draws hexadecimal digits: the prefix is proof enough, and documentation and
        tests write other letters there.
    length
        Fewest and most characters behind the prefix.
    positive, negative
        A text that has such a token and a text that has none and must stay as it is. Made-up parts are filled in when
        the tests run, so that no file holds what looks like a secret: ``{w36}`` is 36 letters and digits, and in the
        same way ``s`` is for `SLUG`, ``b`` for base 64, ``h`` and ``H`` for lower and upper case hexadecimal digits,
        ``u`` for `UPPER`, ``l`` for `LOWER`, ``d`` for digits.
    source
        The vendor's page about the token.
    word_start
        Set it if words or other tokens can end in the prefix: no letter or digit may precede it.
    mixed
        Set it if names of variables or files can begin with the prefix: the body must have digits and letters, or
        letters of both cases. It includes `word_start`.
    end
        What must follow, as a look-ahead. Set it for tokens of fixed length with a short prefix.
    """
    if b"." in body:
        end = rb"(?<!\.)" + end
    return _rule(
        kind,
        b"%b%b{%d}" % (prefix, body, min(length[0], _MOST_IN_TRIGGER)),
        b"(?P<secret>%b%b{%d,%d}%b)" % (prefix, body, *length, end),
        (positive, negative, source),
        word_start=word_start,
        mixed=mixed,
    )


def structured(
    kind: str,
    *,
    trigger: bytes,
    pattern: bytes,
    positive: str,
    negative: str,
    source: str,
    word_start: bool = False,
    mixed: bool = False,
    group: Group = Group.MAIN,
) -> Rule:
    """The rule of a token that has several parts, or is a part of an address.

    Parameters
    ----------
    kind, positive, negative, source, word_start, mixed
        As for :func:`token`.
    trigger
        An expression that matches within the token wherever `pattern` does, as short as possible. It has three literal
        characters in a row, no capturing groups and no look-around.
    pattern
        The expression of the token. The group ``secret`` is redacted, or all of it if there is no such group.
    group
        The database of the trigger; `Group.NUMBER` if it has no literal but a long number.
    """
    if b"(?P<secret>" not in pattern:
        pattern = b"(?P<secret>%b)" % pattern
    return _rule(kind, trigger, pattern, (positive, negative, source), word_start=word_start, mixed=mixed, group=group)


def _rule(
    kind: str,
    trigger: bytes,
    pattern: bytes,
    texts: tuple[str, str, str],
    *,
    word_start: bool,
    mixed: bool,
    group: Group = Group.MAIN,
) -> Rule:
    positive, negative, source = texts
    return Rule(
        kind,
        trigger,
        Around(LazyPattern(pattern), is_mixed if mixed else None, AT_LEFT if word_start or mixed else None),
        source,
        Rank.VENDOR,
        group=group,
        positive=positive,
        negative=negative,
    )
