"""Credentials in HTTP headers."""

from __future__ import annotations

import base64
import binascii
import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Rank, Rule
from tachograph.redaction.rules.checks import is_filled_in, is_random
from tachograph.redaction.words.looks import looks_like_words, looks_random
from tachograph.redaction.words.placeholder import is_placeholder


def _basic(match: re.Match[bytes]) -> bool:
    try:
        return b":" in base64.b64decode(match["secret"] + b"=" * (-len(match["secret"]) % 4))
    except (binascii.Error, ValueError):
        return False


def _authorization(match: re.Match[bytes]) -> bool:
    secret = match["secret"].rstrip(b";,.")
    if is_placeholder(secret) or secret[:1] in b"{$<%":
        return False
    if match["scheme"] is None:
        # Not the next word of a list or a sentence, a type, or the beginning of an expression.
        return not looks_like_words(secret) and (match["paired"] is None or looks_random(secret))
    return True


HTTP_HEADERS: tuple[Rule, ...] = (
    Rule(
        "authorization",
        rb"(?i)authorization(?:\\*[\"'`])?\s{0,4}[:=,]",
        Around(
            LazyPattern(
                rb"(?<!REDACTED:)authorization(?:\\{0,15}[\"'`])?\s{0,4}(?:[:=]|(?P<paired>,))\s{0,4}[bfru]?(?:\\{0,15}[\"'`])?"
                rb"(?P<scheme>(?:basic|bearer|token|apikey|bot|key|hmac|splunk|sso-key|ntlm|negotiate)\s+)?"
                rb"(?P<secret>(?:[^\s\"'`\\\r\n<>]|\\(?![nrtu\"'\\])){6,8192}(?<![,;)\]}]))",
                re.IGNORECASE,
            ),
            _authorization,
        ),
        "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2",
        Rank.KEYED,
    ),
    # Schemes with parameters: all of them are redacted, because it depends on the scheme which one is secret.
    Rule(
        "authorization",
        rb"(?i)(?:digest\s{1,4}username|hawk\s{1,4}id|aws4-hmac-sha256\s{1,4}credential|signature\s{1,4}keyid"
        rb"|oauth\s{1,4}(?:realm|oauth_))",
        Around(
            LazyPattern(
                rb"(?:digest|hawk|aws4-hmac-sha256|signature|oauth)\s{1,4}(?P<secret>\w{2,24}="
                rb"(?:[^\r\n\"'\\]|\\{0,7}\"(?=[^\r\n\"'\\,]{0,512}\\{0,7}\"|,\s?\w+=|\s{0,4}(?:\r|\n|\Z))|\\(?![nr\"])){4,4096})",
                re.IGNORECASE,
            )
        ),
        "https://www.rfc-editor.org/rfc/rfc7616#section-3.4",
        Rank.KEYED,
    ),
    Rule(
        "authorization",
        rb"(?i)(?:ntlm|negotiate)\s{1,4}[A-Za-z0-9+/]{16}",
        Around(
            LazyPattern(rb"(?:ntlm|negotiate)\s{1,4}(?P<secret>[A-Za-z0-9+/]{16,16384}={0,2})", re.IGNORECASE),
            is_random,
        ),
        "https://www.rfc-editor.org/rfc/rfc4559",
        Rank.KEYED,
    ),
    Rule(
        "cookie",
        rb"(?i)cookie(?:\\{0,15}[\"'`])?\s{0,4}[:,]",
        Around(
            LazyPattern(
                rb"(?<!REDACTED:)cookie(?:(?:\\{0,15}[\"'`])?\s{0,4}:|\\{0,15}[\"'`]\s{0,4},)\s{0,4}b?(?:\\{0,15}[\"'`])?"
                rb"(?P<secret>[A-Za-z0-9_.!#$%&*+^|~-]{1,128}=(?:[^\"'`\\\r\n<>]|\\(?![nrtu\"'\\])){1,8192})",
                re.IGNORECASE,
            ),
            is_filled_in,
        ),
        "https://www.rfc-editor.org/rfc/rfc6265",
        Rank.KEYED,
    ),
    Rule(
        "token",
        rb"(?i)bearer\s{1,4}[A-Za-z0-9._~+/=-]{12}",
        Around(
            LazyPattern(rb"(?:bearer)\s{1,4}(?P<secret>[A-Za-z0-9._~+/=-]{12,8192})(?<![.])", re.IGNORECASE), is_random
        ),
        "https://www.rfc-editor.org/rfc/rfc6750#section-2.1",
        Rank.KEYED,
    ),
    Rule(
        "authorization",
        # In a word only the first letter is a capital.
        rb"Basic\s{1,4}[A-Za-z0-9+/]{1,12}[A-Z0-9+/]",
        Around(LazyPattern(rb"Basic\s{1,4}(?P<secret>[A-Za-z0-9+/_-]{8,4096}={0,2})"), _basic),
        "https://www.rfc-editor.org/rfc/rfc7617",
        Rank.KEYED,
    ),
)
"""Authorization headers, cookies, and schemes without a header."""
