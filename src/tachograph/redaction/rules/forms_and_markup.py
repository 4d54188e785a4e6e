"""Secrets in forms and in elements of HTML and XML."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Rank, Rule, rule_behind
from tachograph.redaction.rules.checks import is_filled_in, is_not_placeholder
from tachograph.redaction.rules.named_values import gives_away
from tachograph.redaction.words.expressions import either, keys_of
from tachograph.redaction.words.name_strength import kind_of
from tachograph.redaction.words.placeholder import is_template
from tachograph.redaction.words.secret_words import ATTRIBUTE, FIELD

_BREAK = rb"(?:\r?\n|\\r\\n|\\n)"
_PASSWORD_FIELD = re.compile(rb"type\s?=\s?\\{0,15}[\"']?password", re.IGNORECASE)
_HTML = "https://html.spec.whatwg.org/multipage/input.html"
_ELEMENT = b"(?:" + either(FIELD) + b"|(?:" + keys_of(FIELD) + b")_?key)"
_XML = "https://opentelemetry.io/docs/security/handling-sensitive-data/"


def _of_field(match: re.Match[bytes]) -> str:
    if is_template(match["secret"]):
        return ""
    if _PASSWORD_FIELD.search(match[0]) is not None:
        return "password"
    return kind_of(match["name"]) if gives_away(match["name"], match["secret"], quoted=True) else ""


def _by_name(match: re.Match[bytes]) -> str:
    return kind_of(match["name"]) if gives_away(match["name"], match["secret"], quoted=True, label=True) else ""


FORMS_AND_MARKUP: tuple[Rule, ...] = (
    # Forms: as they are sent, and in HTML.
    rule_behind(
        "secret",
        rb"(?i)name=\\{0,15}\"[\w.\[\]-]{0,40}(?:" + either(FIELD) + rb"|_key)\\{0,15}\"" + _BREAK + _BREAK,
        rb"(?P<secret>[^\r\n\\\"]{3,4096})",
        "https://www.rfc-editor.org/rfc/rfc7578#section-4.2",
        is_filled_in,
    ),
    Rule(
        "secret",
        rb"(?i)<input\s",
        Around(
            LazyPattern(
                rb"<input\s(?=[^<>]{0,400}?\bname\s?=\s?\\{0,15}[\"']?(?P<name>[\w.\[\]-]{1,64}))"
                rb"[^<>]{0,400}?\bvalue\s?=\s?(?P<q>\\{0,15}[\"'])(?P<secret>[^\"'<>\n]{3,512}?)(?P=q)[^<>]{0,400}>",
                re.IGNORECASE,
            ),
            _of_field,
            tail=1024,
        ),
        _HTML,
        Rank.KEYED,
    ),
    Rule(
        "secret",
        rb"(?i)name\s?=\s?\\{0,15}[\"'][\w.:-]{0,48}(?:" + either(ATTRIBUTE) + rb")\\{0,15}[\"'][^<>\n]{0,80}>[^<\s]",
        Around(
            LazyPattern(
                rb"name\s?=\s?\\{0,15}[\"'](?P<name>[\w.:-]{1,64})\\{0,15}[\"'][^<>\n]{0,80}>(?P<secret>[^<\"]{3,1024})</",
                re.IGNORECASE,
            ),
            _by_name,
            tail=1100,
        ),
        "https://www.w3.org/TR/xml/#attdecls",
        Rank.KEYED,
    ),
    Rule(
        "secret",
        rb"(?i)<[a-z0-9:_-]{0,32}" + _ELEMENT + rb"(?:\s[^<>]{1,160})?>"
        rb"(?:<value>)?[^<]",
        Around(
            LazyPattern(
                rb"<[a-z0-9:_-]{0,32}" + _ELEMENT + rb"(?:\s[^<>]{1,160})?>(?:<value>)?"
                rb"(?P<secret>[^<]{3,4096})</",
                re.IGNORECASE,
            ),
            is_not_placeholder,
        ),
        _XML,
        Rank.KEYED,
    ),
)
"""Forms and elements."""
