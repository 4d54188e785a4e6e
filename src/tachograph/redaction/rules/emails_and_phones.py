"""E-mail addresses, telephone numbers and social security numbers of people."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import BEHIND_ESCAPE, Around, Group, Rank, Rule

_AUTHORITY = re.compile(rb"://[^\s/?#\"'<>]*\Z")
_NO_DIGIT = re.compile(rb"[^0-9]")
_PHONE_BEFORE = re.compile(
    rb"(?i)(?:phone|telefon|t\xc3\xa9l\xc3\xa9phone|tel\xc3\xa9fono|telefoon|mobile?|m\xc3\xb3vil|portable|cellulare|cell"
    rb"|cellular|tel|telephone|fax|desk|handy|ruf|whatsapp|sms|(?:call|reach|text|ring)\s(?:me|us|him|her|them)\s"
    rb"(?:at|on|under))(?:[-_ ]?(?:number|nummer|no\.?|nr\.?))?(?:\\{0,3}[\"'])?[\s:=#.]{0,6}(?:is\s)?"
    rb"(?:\\{0,3}[\"'])?\(?\Z"
)
_PHONE_BEHIND = re.compile(rb"(?i)[\s(,-]{1,3}(?:office|fax|mobile|cell|home|work|desk|phone)\b")
_SSN_WORD = re.compile(rb"(?i)ssn|social.?security")
_NUMBER_BEFORE = re.compile(rb"[0-9.][ \t]{1,8}\Z")
_NUMBER_BEHIND = re.compile(rb"[ \t]{1,8}[0-9]")
# An image of twice the size, a unit of systemd.
_FILES = (b".png", b".jpg", b".jpeg", b".gif", b".svg", b".webp", b".service", b".js", b".css")
_NEAR = 48


def _is_address(match: re.Match[bytes]) -> bool:
    before = match.string[max(0, match.start() - 256) : match.start()]
    if _AUTHORITY.search(before) is not None:
        return False
    local, _, domain = match["secret"].lower().partition(b"@")
    return local not in {b"git", b"hg", b"svn"} and not domain.endswith(_FILES)


def _before(match: re.Match[bytes]) -> bytes:
    at = match.start("secret")
    return match.string[max(0, at - _NEAR) : at]


def _is_ssn(match: re.Match[bytes]) -> bool:
    digits = _NO_DIGIT.sub(b"", match["secret"])
    if digits[:3] in {b"000", b"666"} or digits[3:5] == b"00" or digits[5:] == b"0000" or digits[0] == 57:
        return False
    return match["gap"] in {b"", b"-", b"."} or _SSN_WORD.search(_before(match)) is not None


def _is_international(match: re.Match[bytes]) -> bool:
    digits = _NO_DIGIT.sub(b"", match["secret"])
    if not 8 <= len(digits) <= 16:
        return False
    # A line that a diff adds may hold any number.
    at = match.start("secret")
    return len(digits) + 1 < len(match["secret"]) or at == 0 or match.string[at - 1] != 10


def _is_national(match: re.Match[bytes]) -> bool:
    secret = match["secret"]
    digits = _NO_DIGIT.sub(b"", secret)
    if not 9 <= len(digits) <= 11:
        return False
    # One number of many in a row is not a telephone number.
    behind = match.string[match.end() : match.end() + 10]
    return _NUMBER_BEFORE.search(_before(match)) is None and _NUMBER_BEHIND.match(behind) is None


def _is_named(match: re.Match[bytes]) -> bool:
    if not 6 < len(_NO_DIGIT.sub(b"", match["secret"])) < 16:
        return False
    behind = match.string[match.end() : match.end() + 16]
    return _PHONE_BEFORE.search(_before(match)) is not None or _PHONE_BEHIND.match(behind) is not None


_E164 = "https://www.itu.int/rec/T-REC-E.164"
_LEFT = LazyPattern(rb"(?<![0-9A-Za-z_.+-])|" + BEHIND_ESCAPE)
_LEFT_OF_PLUS = LazyPattern(rb"(?<![0-9A-Za-z_+])|" + BEHIND_ESCAPE)
_LEFT_OF_ADDRESS = LazyPattern(rb"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])|" + BEHIND_ESCAPE + rb"|(?<=[=/?&'`{|])")
_EXTENSION = rb"(?:\s?(?:x|ext\.?)\s?[0-9]{2,6})?"
_SIGNS = b"0123456789 ().+-/"
_SIGNS_OF_ADDRESS = b"@._%+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_WORD_BEFORE = (
    rb"(?i)(?:phone|telefon|telefoon|tel\xc3\xa9fono|mobile?|m\xc3\xb3vil|portable|cellulare|cell|cellular|tel|nummer|fax|desk"
    rb"|handy|whatsapp|sms|(?:me|us|him|her|them)\s(?:at|on|under))"
    rb"[^0-9\n]{0,4}\s{0,4}[^0-9\n]{0,12}[0-9]"
)
_WORD_BEHIND = rb"(?i)[0-9][\s(,-]{1,3}(?:office|fax|mobile|cell|home|work|desk|phone)\b"

EMAILS_AND_PHONES: tuple[Rule, ...] = (
    Rule(
        "email",
        rb"[A-Za-z0-9_+-]@[A-Za-z0-9-]{1,63}\.[A-Za-z]",
        Around(
            LazyPattern(
                rb"(?P<secret>[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?"
                rb"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9])"
            ),
            _is_address,
            left=_LEFT_OF_ADDRESS,
            reach=160,
            tail=280,
            signs=_SIGNS_OF_ADDRESS,
        ),
        "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
        Rank.PERSONAL,
        tagged=False,
        group=Group.AT,
    ),
    Rule(
        "ssn",
        rb"[0-9]{3}[-. ][0-9]{2}[-. ][0-9]{4}",
        Around(
            LazyPattern(rb"(?P<secret>[0-9]{3}(?P<gap>[-. ])[0-9]{2}(?P=gap)[0-9]{4})(?![0-9A-Za-z_]|[-.][0-9])"),
            _is_ssn,
            left=_LEFT,
            reach=32,
            tail=48,
            signs=_SIGNS,
        ),
        "https://www.ssa.gov/employer/randomization.html",
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "ssn",
        rb"(?i)(?:ssn|social.?security)[^0-9\n]{0,24}[0-9]{9}",
        Around(
            LazyPattern(
                rb"(?<![a-z])(?:ssn|social.?security)(?:.?(?:number|no\.?|nr\.?))?[\s\"'`\\:=#]{0,12}(?:is\s)?"
                rb"(?P<secret>[0-9]{3}(?P<gap>)[0-9]{6})(?![0-9A-Za-z_]|[-.][0-9])",
                re.IGNORECASE,
            ),
            _is_ssn,
            reach=64,
            tail=16,
        ),
        "https://www.ssa.gov/employer/randomization.html",
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "phone",
        rb"\+[0-9][0-9 ().-]{7}",
        Around(
            LazyPattern(
                rb"(?P<secret>\+[1-9][0-9]{0,3}[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?"
                rb"[0-9]{1,14}(?:[ .-][0-9]{2,8}){0,6}" + _EXTENSION + rb")(?![0-9A-Za-z_]|\.[0-9])"
            ),
            _is_international,
            left=_LEFT_OF_PLUS,
            reach=32,
            tail=48,
            signs=_SIGNS,
        ),
        _E164,
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "phone",
        rb"[2-9][0-9]{2}(?:\) ?|[-.])[0-9]{3}[-. ][0-9]{4}",
        Around(
            LazyPattern(
                rb"(?P<secret>(?:(?:00)?1[-. ]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}(?P<gap>[-.]))"
                rb"[2-9][0-9]{2}(?(gap)(?P=gap)|[-. ])[0-9]{4}" + _EXTENSION + rb")(?![0-9A-Za-z_]|[-.][0-9])"
            ),
            left=_LEFT,
            reach=32,
            tail=48,
            signs=_SIGNS,
        ),
        "https://www.nanpa.com/numbering/area-codes",
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "phone",
        rb"0[1-9][0-9]{1,3}[ /][0-9]{2,4}[ ][0-9]{2,4}",
        Around(
            LazyPattern(rb"(?P<secret>0[1-9][0-9]{1,3}[ /][0-9]{2,4}(?: [0-9]{2,4}){1,3})(?![0-9A-Za-z_]|[.:][0-9])"),
            _is_national,
            left=_LEFT,
            reach=32,
            tail=48,
            signs=_SIGNS,
        ),
        _E164,
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    # Any other number only next to a word for it.
    *(
        Rule(
            "phone",
            trigger,
            Around(
                LazyPattern(rb"(?P<secret>\(?\+?[0-9](?:[ .()-]{0,2}[0-9]){6,14}" + _EXTENSION + rb")(?![0-9A-Za-z_])"),
                _is_named,
                left=_LEFT,
                reach=32,
                tail=48,
                signs=signs,
            ),
            _E164,
            Rank.PERSONAL,
            tagged=False,
            group=Group.NUMBER,
        )
        for trigger, signs in ((_WORD_BEFORE, _SIGNS), (_WORD_BEHIND, b""))
    ),
)
"""Addresses and numbers of people."""
