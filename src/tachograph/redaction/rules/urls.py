"""Secrets inside URLs."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Group, Rank, Rule
from tachograph.redaction.rules.checks import is_drawn, is_filled_in

_CHAR = rb"""(?:[^\s/?#"'`<>\\\[\]{}|]|\\(?!["'nrtu]))"""
_LOOSE = rb"""(?:[^\s/"'`<>\\]|\\(?!["'nrtu]))"""


def _token_like(match: re.Match[bytes]) -> bool:
    secret = match["secret"]
    return any(48 <= c <= 57 for c in secret) and any(c > 57 for c in secret)


URLS: tuple[Rule, ...] = (
    # The password extends to the last @ of the authority, because people forget to encode that sign.
    Rule(
        "url-password",
        rb""":(?://|\\/\\/)[^\s/"'`<>@:]{0,128}:[^\s"'`<>@/]{1,256}@""",
        Around(
            LazyPattern(
                rb"(?:://|:\\/\\/)[^\s/?#\"'`<>@:]{0,256}:(?P<secret>" + _LOOSE + rb"{1,1024}(?<!\\))@(?=[\w\[%.-])",
            ),
            is_filled_in,
            reach=512,
            tail=2048,
        ),
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        Rank.STRUCTURE,
        group=Group.AT,
    ),
    Rule(
        "url-token",
        rb""":(?://|\\/\\/)[A-Za-z0-9_~.-]{16,512}(?::x-oauth-basic)?@""",
        Around(
            LazyPattern(rb"(?:://|:\\/\\/)(?P<secret>[A-Za-z0-9_~.-]{16,512})(?::x-oauth-basic)?@(?=[\w\[])"),
            _token_like,
            reach=560,
        ),
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        Rank.STRUCTURE,
        group=Group.AT,
    ),
    Rule(
        "url-signature",
        rb"(?i)(?:[?&;]|u0026)(?:x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid"
        rb"|signature|sig|hmac|sas)=[^&\s]{6}",
        Around(
            LazyPattern(
                rb"(?:[?&;]|u0026)(?:x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid"
                rb"|signature|sig|hmac|sas)=(?P<secret>(?:[^\s&\"'`<>\\#,;)\]}]|[,;)\]}](?=[\w%])){6,4096})",
                re.IGNORECASE,
            ),
            is_filled_in,
        ),
        "https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/",
        Rank.STRUCTURE,
    ),
    Rule(
        "oauth-code",
        rb"[?&#]code=[A-Za-z0-9._~%/-]{12}",
        Around(LazyPattern(rb"[?&#]code=(?P<secret>[A-Za-z0-9._~%/-]{12,2048})"), is_drawn),
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2",
        Rank.STRUCTURE,
    ),
)
"""Passwords, tokens, signatures and codes in URLs."""
