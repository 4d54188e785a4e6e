"""Personal data: e-mail addresses and payment cards."""

from __future__ import annotations

import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.rule import Group, Rank, Rule

_AUTHORITY = re.compile(rb"://[^\s/?#\"'<>]*\Z")


def luhn(digits: bytes) -> bool:
    """Whether the last of some ASCII digits is their check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = char - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _is_card(match: re.Match[bytes]) -> bool:
    digits = re.sub(rb"[^0-9]", b"", match["secret"])
    return len(set(digits)) > 1 and luhn(digits)


def _is_address(match: re.Match[bytes]) -> bool:
    before = match.string[max(0, match.start() - 256) : match.start()]
    if _AUTHORITY.search(before) is not None:
        return False
    local = match["secret"].partition(b"@")[0].lower()
    return local not in {b"git", b"hg", b"svn"}


PERSONAL: tuple[Rule, ...] = (
    Rule(
        "email",
        rb"[A-Za-z0-9_+-]@[A-Za-z0-9-]{1,63}\.[A-Za-z]",
        Late(
            rb"(?:(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])|(?<=\\[nrtbf])|(?<=[=/?&'`{|]))"
            rb"(?P<secret>[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?"
            rb"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9])"
        ),
        "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
        Rank.PERSONAL,
        _is_address,
        tagged=False,
        group=Group.AT,
    ),
    # Issuer prefixes keep this from firing on every long number; the sum decides.
    Rule(
        "card",
        rb"(?:^|[^0-9A-Za-z.]|\\[nrtbf])(?:[456][0-9]{3}|2[2-7][0-9]{2}|3[0-9]{3})[ -]?"
        rb"(?:[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]|[0-9]{6}[ -]?[0-9]{4})",
        Late(
            rb"(?:(?<![0-9A-Za-z.])(?<![0-9][- ])|(?<=\\[nrtbf]))(?P<secret>"
            rb"(?:4[0-9]{3}|5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720|35(?:2[89]|[3-8][0-9])"
            rb"|6011|65[0-9]{2}|64[4-9][0-9]|62[0-9]{2})([ -]?)[0-9]{4}\2[0-9]{4}\2[0-9]{4}"
            rb"|3[47][0-9]{2}([ -]?)[0-9]{6}\3[0-9]{5}|3(?:0[0-5]|[689][0-9])[0-9]([ -]?)[0-9]{6}\4[0-9]{4}"
            rb"|4[0-9]{12}"
            rb")(?![0-9A-Za-z]|[.,-][0-9])"
        ),
        "https://www.iso.org/standard/70484.html",
        Rank.PERSONAL,
        _is_card,
        tagged=False,
    ),
)
