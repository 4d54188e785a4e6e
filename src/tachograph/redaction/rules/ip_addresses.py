"""Internet addresses and hardware addresses of machines."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import BEHIND_ESCAPE, Around, Group, Rank, Rule

_ADDRESS_WORD = re.compile(
    rb"(?i)(?:\b|(?<=\\[nrt]))(?:ip|ipv4|addr|address|inet|host|server|dns|client|remote|peer|gateway|x-forwarded-for)\b"
)
_VERSION = re.compile(rb"(?i)(?:[a-z0-9_)]/|\bv|version[\s:=]{1,3}|==|>=)\Z")
_NEAR = 32
_LARGE = 10
_IDENTIFIERS = (b"1.2.", b"1.3.", b"2.16.")


def _scope(secret: bytes) -> str | None:
    """``public`` or ``private``; None for what is not an address of a machine on a network."""
    import ipaddress

    try:
        address = ipaddress.ip_interface(secret.decode()).ip
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return None
    if address.is_link_local:
        return "private"
    documentation = address.version == 6 and address in ipaddress.ip_network("2001:db8::/32")
    return "private" if address.is_private and not documentation else "public"


def _v4(match: re.Match[bytes], scope: str) -> bool:
    secret = match["secret"]
    octets = [int(octet) for octet in secret.partition(b"/")[0].split(b".")]
    if max(octets) > 255 or _scope_v4(octets) != scope:
        return False
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    if before.endswith(b"//") is False and _VERSION.search(before) is not None:
        return False
    if scope == "public" and not before.endswith(b"//"):
        # Versions and object identifiers have small numbers.
        large = sum(octet >= _LARGE for octet in octets) - before.endswith(b"@")
        if (large < 2 or secret.startswith(_IDENTIFIERS)) and _ADDRESS_WORD.search(before) is None:
            return False
    return True


def _scope_v4(octets: list[int]) -> str | None:
    first, second = octets[:2]
    if first in {0, 127} or first >= 224:
        return None
    if first == 10 or (first == 172 and 16 <= second < 32) or (first, second) in {(192, 168), (169, 254)}:
        return "private"
    return "private" if first == 100 and 64 <= second < 128 else "public"


def _v6(match: re.Match[bytes], scope: str) -> bool:
    secret = match["secret"]
    address = secret.partition(b"/")[0]
    digits = any(48 <= char <= 57 for char in address)
    letters = any(char > 64 for char in address)
    if len(address) < 6 or not digits or not (letters or b"." in address or address.count(b":") > 3):
        return False
    return _scope(secret) == scope


def _public_v4(match: re.Match[bytes]) -> bool:
    return _v4(match, "public")


def _private_v4(match: re.Match[bytes]) -> bool:
    return _v4(match, "private")


def _public_v6(match: re.Match[bytes]) -> bool:
    return _v6(match, "public")


def _private_v6(match: re.Match[bytes]) -> bool:
    return _v6(match, "private")


_LEFT_V4 = LazyPattern(rb"(?<![0-9A-Za-z_.:-])|" + BEHIND_ESCAPE + rb"|(?<=[a-z]:)")
_LEFT_V6 = LazyPattern(rb"(?<![0-9A-Za-z:.])|" + BEHIND_ESCAPE)
_V4 = LazyPattern(
    rb"(?P<secret>[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2}(?![0-9.]))?)(?![0-9A-Za-z_]|\.[0-9]|-[A-Za-z])"
)
_V6 = LazyPattern(
    rb"(?P<secret>(?:[0-9a-fA-F]{1,4}|(?=::))(?::[0-9a-fA-F]{0,4}){2,8}"
    rb"(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?<=:[0-9])(?:\.[0-9]{1,3}){3}|(?<=:[0-9]{2})(?:\.[0-9]{1,3}){3}"
    rb"|(?<=:[0-9]{3})(?:\.[0-9]{1,3}){3})?(?:/[0-9]{1,3})?)(?![0-9A-Za-z:])"
)
# Not loopback, and among public ones not 10.0.0.0/8: most addresses in a trace are of the machine or its network.
_FIRST = rb"[2-9][0-9]|1[013-9][0-9]|12[0-689]|2[0-9]{2}"
_REST = rb"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
_V4_TRIGGER = rb"(?:^|[^0-9.])(?:[0-9]|1[0-9]|" + _FIRST + rb")" + _REST
_PUBLIC_V4_TRIGGER = rb"(?:^|[^0-9.])(?:[1-9]|1[1-9]|" + _FIRST + rb")" + _REST
# The group in front of the two colons with a digit: `std::` and the like are no addresses.
_V6_TRIGGER = (
    rb"(?:(?:[0-9][0-9a-fA-F]{0,3}|[a-fA-F][0-9][0-9a-fA-F]{0,2}|[a-fA-F]{2}[0-9][0-9a-fA-F]?|[a-fA-F]{3}[0-9])::"
    rb"|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){4}|::[fF]{4}:)"
)
_SIGNS_V4 = b"0123456789."
_SIGNS_V6 = b"0123456789abcdefABCDEF:."
_RFC_V4 = "https://www.rfc-editor.org/rfc/rfc791"
_RFC_V6 = "https://www.rfc-editor.org/rfc/rfc4291#section-2.2"

IP_ADDRESSES: tuple[Rule, ...] = (
    Rule(
        "ip",
        _PUBLIC_V4_TRIGGER,
        Around(_V4, _public_v4, left=_LEFT_V4, reach=48, tail=48, signs=_SIGNS_V4),
        _RFC_V4,
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "ip",
        _V6_TRIGGER,
        Around(_V6, _public_v6, left=_LEFT_V6, reach=48, tail=48, signs=_SIGNS_V6),
        _RFC_V6,
        Rank.PERSONAL,
        tagged=False,
        group=Group.NUMBER,
    ),
    Rule(
        "private-ip",
        _V4_TRIGGER,
        Around(_V4, _private_v4, left=_LEFT_V4, reach=48, tail=48, signs=_SIGNS_V4),
        "https://www.rfc-editor.org/rfc/rfc1918",
        Rank.PERSONAL,
        tagged=False,
        group=Group.OPTIONAL,
    ),
    Rule(
        "private-ip",
        _V6_TRIGGER,
        Around(_V6, _private_v6, left=_LEFT_V6, reach=48, tail=48, signs=_SIGNS_V6),
        "https://www.rfc-editor.org/rfc/rfc4193",
        Rank.PERSONAL,
        tagged=False,
        group=Group.OPTIONAL,
    ),
    Rule(
        "mac",
        rb"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        Around(
            LazyPattern(
                rb"(?<![0-9A-Za-z:.-])(?P<secret>(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
                rb"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z:]|[.-][0-9A-Za-z])"
            ),
            reach=48,
            tail=48,
        ),
        "https://standards.ieee.org/products-programs/regauth/",
        Rank.PERSONAL,
        tagged=False,
        group=Group.OPTIONAL,
    ),
)
"""Internet and hardware addresses."""
