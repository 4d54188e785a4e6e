"""Numbers of payment cards and bank accounts, and addresses of wallets."""

from __future__ import annotations

import hashlib
import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, BEHIND_ESCAPE, Around, Group, Rank, Rule

# ISO/IEC 7812 issuer ranges, as the schemes publish them, each with the lengths it gives out.
_ISSUERS = re.compile(
    rb"(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    rb"|(?:6011|64[4-9]\d|65\d\d|62\d\d|35(?:2[89]|[3-8]\d))\d{12,15}|3(?:0[0-5]\d|095|[689]\d\d)\d{10,15}"
    rb"|(?:5019|220[0-4]|60\d\d|81\d\d|82\d\d|508\d|9792)\d{12})\Z"
)
# Maestro and others have wide ranges: only next to a word for a card.
_OTHER = re.compile(rb"[2-689]\d{11,18}\Z")
_CARD_WORD = re.compile(rb"(?i)card|visa|maestro|debit|kreditkarte|carte")
_NEAR = 80
_NO_DIGIT = re.compile(rb"[^0-9]")
_NO_SIGN = re.compile(rb"[^0-9A-Z]")

# https://www.swift.com/standards/data-standards/iban-international-bank-account-number: characters of each country's.
_IBAN_SIZES_WRITTEN = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
    YE30
"""
_IBAN_SIZES = {word[:2].encode(): int(word[2:]) for word in _IBAN_SIZES_WRITTEN.split()}
_BASE58 = {char: value for value, char in enumerate(b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {char: value for value, char in enumerate(b"qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def luhn(digits: bytes) -> bool:
    """Whether the last of some ASCII digits is their check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = char - 48
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def is_iban(account: bytes) -> bool:
    """Whether an account has the length of its country and the remainder 1 (ISO 13616, ISO 7064 mod 97-10)."""
    if _IBAN_SIZES.get(account[:2]) != len(account):
        return False
    return int("".join(str(int(chr(char), 36)) for char in account[4:] + account[:4])) % 97 == 1


def _is_card(match: re.Match[bytes]) -> bool:
    digits = _NO_DIGIT.sub(b"", match["secret"])
    if len(set(digits)) < 2 or not luhn(digits):
        return False
    if _ISSUERS.match(digits) is not None:
        return True
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    return _OTHER.match(digits) is not None and _CARD_WORD.search(before) is not None


def _is_account(match: re.Match[bytes]) -> bool:
    return is_iban(_NO_SIGN.sub(b"", match["secret"]))


def _is_wallet(match: re.Match[bytes]) -> bool:
    secret = match["secret"]
    return _bech32(secret) if secret.startswith(b"bc1") else _base58check(secret)


def _base58check(text: bytes) -> bool:
    number = 0
    for char in text:
        number = number * 58 + _BASE58[char]
    try:
        body = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(body[:21]).digest()).digest()[:4] == body[21:]


def _bech32(text: bytes) -> bool:
    check = 1
    for value in (3, 3, 0, 2, 3, *(_BECH32[char] for char in text[3:])):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}


_LEFT_OF_CARD = LazyPattern(rb"(?<![0-9A-Za-z.])(?<![0-9][- ])|" + BEHIND_ESCAPE)

CARDS_AND_IBANS: tuple[Rule, ...] = (
    # Issuer prefixes keep this from firing on every long number; the sum decides.
    Rule(
        "card",
        rb"(?:^|[^0-9A-Za-z.]|\\[nrtbf])(?:[34568][0-9]{3}|2[2-7][0-9]{2}|9792)(?:[ -]?[0-9]{2}){4}",
        Around(
            LazyPattern(
                rb"(?P<secret>[2-689][0-9]{3}"
                rb"(?:[0-9]{8,15}|([ -])[0-9]{4}\2[0-9]{4}\2[0-9]{1,7}|([ -])[0-9]{6}\3[0-9]{4,5}))"
                rb"(?![0-9A-Za-z]|[ .,-][0-9])"
            ),
            _is_card,
            left=_LEFT_OF_CARD,
            reach=48,
            tail=48,
            signs=b"0123456789 -",
        ),
        "https://www.iso.org/standard/70484.html",
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "iban",
        rb"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4} ?[A-Z0-9]{3}",
        Around(
            LazyPattern(
                rb"(?P<secret>[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,29}"
                rb"|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?))(?![0-9A-Za-z])"
            ),
            _is_account,
            left=AT_LEFT,
            reach=48,
            tail=48,
        ),
        "https://www.swift.com/standards/data-standards/iban-international-bank-account-number",
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "wallet",
        rb"(?:[13][1-9A-HJ-NP-Za-km-z]{25}|bc1[02-9ac-hj-np-z]{38})",
        Around(
            LazyPattern(
                rb"(?P<secret>[13][1-9A-HJ-NP-Za-km-z]{25,34}"
                rb"|bc1[02-9ac-hj-np-z]{38,71})(?![0-9A-Za-z])"
            ),
            _is_wallet,
            left=AT_LEFT,
            reach=48,
            tail=48,
        ),
        "https://en.bitcoin.it/wiki/Invoice_address",
        Rank.PERSONAL,
        group=Group.OPTIONAL,
    ),
)
"""Cards, bank accounts and wallets."""
