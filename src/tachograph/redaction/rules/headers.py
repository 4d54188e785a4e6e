"""Credentials in HTTP headers."""

from __future__ import annotations

import base64
import binascii
import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.placeholder import is_template
from tachograph.redaction.rules.rule import Rank, Rule
from tachograph.redaction.rules.value import looks_random


def _basic(match: re.Match[bytes]) -> bool:
    try:
        return b":" in base64.b64decode(match["secret"] + b"=" * (-len(match["secret"]) % 4))
    except (binascii.Error, ValueError):
        return False


def _filled(match: re.Match[bytes]) -> bool:
    return not is_template(match["secret"])


def _random(match: re.Match[bytes]) -> bool:
    return looks_random(match["secret"])


HEADERS: tuple[Rule, ...] = (
    Rule(
        "authorization",
        rb"(?i)authorization(?:\\{0,15}[\"'`])?\s{0,4}[:=,]",
        Late(
            rb"(?<!REDACTED:)authorization(?:\\{0,15}[\"'`])?\s{0,4}[:=,]\s{0,4}b?(?:\\{0,15}[\"'`])?"
            rb"(?:(?:basic|bearer|token|digest|negotiate|apikey|bot|key|aws4-hmac-sha256|hmac|splunk|sso-key)\s+)?"
            rb"(?P<secret>(?:[^\s\"'`\\\r\n<>]|\\(?![nrtu\"'\\])){6,8192}(?<![,;)\]}]))",
            re.IGNORECASE,
        ),
        "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2",
        Rank.KEYED,
        _filled,
    ),
    Rule(
        "cookie",
        rb"(?i)cookie(?:\\{0,15}[\"'`])?\s{0,4}[:,]",
        Late(
            rb"(?<!REDACTED:)cookie(?:\\{0,15}[\"'`])?\s{0,4}[:,]\s{0,4}b?(?:\\{0,15}[\"'`])?"
            rb"(?P<secret>[A-Za-z0-9_.!#$%&*+^|~-]{1,128}=(?:[^\"'`\\\r\n<>]|\\(?![nrtu\"'\\])){1,8192})",
            re.IGNORECASE,
        ),
        "https://www.rfc-editor.org/rfc/rfc6265",
        Rank.KEYED,
        _filled,
    ),
    Rule(
        "token",
        rb"(?i)bearer\s{1,4}[A-Za-z0-9._~+/=-]{12}",
        Late(rb"(?:bearer)\s{1,4}(?P<secret>[A-Za-z0-9._~+/=-]{12,8192})(?<![.])", re.IGNORECASE),
        "https://www.rfc-editor.org/rfc/rfc6750#section-2.1",
        Rank.KEYED,
        _random,
    ),
    Rule(
        "authorization",
        rb"Basic\s{1,4}[A-Za-z0-9+/]{8}",
        Late(rb"Basic\s{1,4}(?P<secret>[A-Za-z0-9+/_-]{8,4096}={0,2})"),
        "https://www.rfc-editor.org/rfc/rfc7617",
        Rank.KEYED,
        _basic,
    ),
)
"""Authorization, cookies and the schemes by themselves."""
