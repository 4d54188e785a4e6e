"""Addresses of machines."""

from __future__ import annotations

import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.rule import Group, Rank, Rule

_ADDRESS_WORD = re.compile(
    rb"(?i)\b(?:ip|ipv4|addr|address|inet|host|server|dns|client|remote|peer|gateway|x-forwarded-for)\b"
)
_VERSION = re.compile(rb"(?i)(?:[a-z0-9_)]/|\bv|version[\s:=]{1,3}|==|>=|@)\Z")
_NEAR = 32
_LEAST_OCTET = 20


def _scope(secret: bytes) -> str | None:
    """``public``, ``private``, or None for what is no address of a machine on a network."""
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
    if max(octets) > 255:
        return False
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    if before.endswith(b"//") is False and _VERSION.search(before) is not None:
        return False
    if scope == "public" and max(octets) < _LEAST_OCTET and _ADDRESS_WORD.search(before) is None:
        return False
    return _scope(secret) == scope


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


_V4 = Late(
    rb"(?:(?<![0-9A-Za-z_.:-])|(?<=\\[nrtbf])|(?<=[a-z]:))(?P<secret>[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2}(?![0-9.]))?)"
    rb"(?![0-9A-Za-z_]|\.[0-9]|-[A-Za-z])"
)
_V6 = Late(
    rb"(?:(?<![0-9A-Za-z:.])|(?<=\\[nrtbf]))(?P<secret>(?:[0-9a-fA-F]{1,4}|(?=::))(?::[0-9a-fA-F]{0,4}){2,8}"
    rb"(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?<=:[0-9])(?:\.[0-9]{1,3}){3}|(?<=:[0-9]{2})(?:\.[0-9]{1,3}){3}"
    rb"|(?<=:[0-9]{3})(?:\.[0-9]{1,3}){3})?(?:/[0-9]{1,3})?)(?![0-9A-Za-z:])"
)
# No loopback: most addresses in a trace of a program are its own machine's.
_V4_TRIGGER = rb"(?:^|[^0-9.])(?:[0-9]|[1-9][0-9]|1[013-9][0-9]|12[0-689]|2[0-9]{2})\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
_V6_TRIGGER = rb"(?:[0-9a-fA-F]{1,4}::|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){4}|::[fF]{4}:)"
_RFC_V4 = "https://www.rfc-editor.org/rfc/rfc791"
_RFC_V6 = "https://www.rfc-editor.org/rfc/rfc4291#section-2.2"

NETWORKS: tuple[Rule, ...] = (
    Rule("ip", _V4_TRIGGER, _V4, _RFC_V4, Rank.PERSONAL, _public_v4, tagged=False, group=Group.NUMBER),
    Rule("ip", _V6_TRIGGER, _V6, _RFC_V6, Rank.PERSONAL, _public_v6, tagged=False, group=Group.NUMBER),
    Rule(
        "private-ip",
        _V4_TRIGGER,
        _V4,
        "https://www.rfc-editor.org/rfc/rfc1918",
        Rank.PERSONAL,
        _private_v4,
        tagged=False,
        group=Group.OPTIONAL,
    ),
    Rule(
        "private-ip",
        _V6_TRIGGER,
        _V6,
        "https://www.rfc-editor.org/rfc/rfc4193",
        Rank.PERSONAL,
        _private_v6,
        tagged=False,
        group=Group.OPTIONAL,
    ),
    Rule(
        "mac",
        rb"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        Late(
            rb"(?<![0-9A-Za-z:.-])(?P<secret>(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
            rb"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z:]|[.-][0-9A-Za-z])"
        ),
        "https://standards.ieee.org/products-programs/regauth/",
        Rank.PERSONAL,
        tagged=False,
        group=Group.OPTIONAL,
    ),
)
"""Internet and hardware addresses."""
