"""Secrets inside URLs."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Group, Rank, Rule
from tachograph.redaction.words.looks import looks_drawn
from tachograph.redaction.words.placeholder import is_template

_CHAR = rb"""(?:[^\s/?#"'`<>\\\[\]{}|]|\\(?!["'nrtu]))"""
_LOOSE = rb"""(?:[^\s/"'`<>\\]|\\(?!["'nrtu]))"""


def _not_template(match: re.Match[bytes]) -> bool:
    secret = match["secret"]
    return not is_template(secret)


def _token_like(match: re.Match[bytes]) -> bool:
    secret = match["secret"]
    return any(48 <= c <= 57 for c in secret) and any(c > 57 for c in secret)


def _drawn(match: re.Match[bytes]) -> bool:
    return looks_drawn(match["secret"])


URLS: tuple[Rule, ...] = (
    # The password runs to the last @ of the authority, as people forget to encode that sign.
    Rule(
        "url-password",
        rb""":(?://|\\/\\/)[^\s/"'`<>@:]{0,128}:[^\s"'`<>@/]{1,256}@""",
        LazyPattern(
            rb"(?:://|:\\/\\/)[^\s/?#\"'`<>@:]{0,256}:(?P<secret>" + _LOOSE + rb"{1,1024}(?<!\\))@(?=[\w\[%.-])",
        ),
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        Rank.STRUCTURE,
        _not_template,
        reach=512,
        tail=2048,
        group=Group.AT,
    ),
    Rule(
        "url-token",
        rb""":(?://|\\/\\/)[A-Za-z0-9_~.-]{16,512}(?::x-oauth-basic)?@""",
        LazyPattern(rb"(?:://|:\\/\\/)(?P<secret>[A-Za-z0-9_~.-]{16,512})(?::x-oauth-basic)?@(?=[\w\[])"),
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        Rank.STRUCTURE,
        _token_like,
        reach=560,
        group=Group.AT,
    ),
    Rule(
        "url-signature",
        rb"(?i)(?:[?&;]|u0026)(?:x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid"
        rb"|signature|sig|hmac|sas)=[^&\s]{6}",
        LazyPattern(
            rb"(?:[?&;]|u0026)(?:x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid"
            rb"|signature|sig|hmac|sas)=(?P<secret>(?:[^\s&\"'`<>\\#,;)\]}]|[,;)\]}](?=[\w%])){6,4096})",
            re.IGNORECASE,
        ),
        "https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/",
        Rank.STRUCTURE,
        _not_template,
    ),
    Rule(
        "oauth-code",
        rb"[?&#]code=[A-Za-z0-9._~%/-]{12}",
        LazyPattern(rb"[?&#]code=(?P<secret>[A-Za-z0-9._~%/-]{12,2048})"),
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2",
        Rank.STRUCTURE,
        _drawn,
    ),
)
"""What stands in URLs."""
