"""Secrets in configuration files and connection strings: .pgpass, .netrc, ODBC, routers, Redis, HAProxy, PgBouncer."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import QUOTE, Around, Group, Rank, Rule, rule_behind
from tachograph.redaction.rules.checks import is_filled_in, is_not_placeholder, is_not_words
from tachograph.redaction.rules.named_values import has_name_before
from tachograph.redaction.words.placeholder import is_placeholder, is_template

_REST = rb"(?P<secret>[^\s\"'`\\]{3,256}(?<![,;)\]}]))"
_ACL = re.compile(rb"(?:\A|[\"']|\\n)\s{0,8}user [^\s]{1,64} (?:[^\s]{1,64} ){0,4}on >\Z")
_CISCO = "https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/s1/sec-s1-cr-book.html"


def _of_odbc(match: re.Match[bytes]) -> bool:
    # A single word in braces is a placeholder: values need braces only for special characters.
    secret = match["secret"]
    return not (is_placeholder(match["bare"], quoted=True) if secret is None else is_template(b"{%b}" % secret))


def _of_acl(match: re.Match[bytes]) -> bool:
    line = match.string[max(0, match.start() - 120) : match.start()].rpartition(b"\n")[2].lower()
    return (b"setuser " in line or _ACL.search(line) is not None) and is_filled_in(match)


CONFIG_FILES: tuple[Rule, ...] = (
    # host:port:database:user:password
    *(
        rule_behind(
            "password",
            trigger,
            rb"(?P<secret>(?:[^\s\"'`:\\]|\\:){3,256})",
            "https://www.postgresql.org/docs/current/libpq-pgpass.html",
            is_filled_in,
        )
        for trigger in (rb":5432:[^\s:\"']{1,64}:[^\s:\"']{1,64}:", rb"\*:\*:[^\s:\"']{1,64}:")
    ),
    Rule(
        "password",
        rb"@(?:tcp|unix)\(",
        Around(
            LazyPattern(rb"(?<![\w.$\[:-])[\w.$-]{1,64}:(?P<secret>[^\s\"'`]{1,256})@(?:tcp|unix)\("),
            is_filled_in,
            reach=400,
            tail=0,
        ),
        "https://github.com/go-sql-driver/mysql#dsn-data-source-name",
        Rank.KEYED,
        group=Group.AT,
    ),
    # PWD is also a variable of shells, whose value is a path.
    rule_behind(
        "password",
        rb"[;&]\s?PWD=[^/$\s]",
        rb"(?<==)(?:\{(?P<secret>[^{}\n]{2,256})\}|(?P<bare>[^\s;&\"'`{}\\][^\s;&\"'`\\]{2,256}))",
        "https://learn.microsoft.com/sql/odbc/reference/syntax/sqldriverconnect-function",
        _of_odbc,
        back=1,
    ),
    Rule(
        "password",
        rb"(?i)login\s{1,4}[^\s]{1,128}\s{1,4}password\s",
        Around(
            LazyPattern(rb"login\s{1,4}[^\s]{1,128}\s{1,4}password\s{1,4}(?P<secret>[^\s]{3,256})", re.IGNORECASE),
            is_not_placeholder,
        ),
        "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        Rank.KEYED,
    ),
    rule_behind(
        "password",
        rb"(?i)(?:user|username)[ \t]{1,4}[\w.@-]{1,64}[ \t]{1,4}"
        rb"(?:privilege [0-9]{1,2} )?(?:insecure-)?(?:password|secret)[ \t]",
        rb"[ \t]{0,3}(?:[0-9] {1,2})?" + _REST,
        _CISCO,
        is_not_words,
    ),
    rule_behind("password", rb"enable (?:password|secret) ", rb"(?:[0-9]\s{1,2})?" + _REST, _CISCO, is_not_words),
    rule_behind("snmp-community", rb"snmp-server community ", _REST, _CISCO, is_filled_in),
    rule_behind(
        "pre-shared-key",
        rb":\s?PSK\s{1,4}" + QUOTE,
        rb"(?P<secret>[^\"'\n\\]{4,256})",
        "https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html",
        is_filled_in,
    ),
    rule_behind(
        "password",
        rb"\son >",
        rb"(?P<secret>[^\s\"'`\\]{3,256})",
        "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/",
        _of_acl,
    ),
    rule_behind(
        "password",
        rb"stats auth [^\s:]{1,64}:",
        _REST,
        "https://docs.haproxy.org/3.0/configuration.html#stats%20auth",
        is_filled_in,
    ),
    Rule(
        "password-hash",
        rb"[\"' ]md5[0-9a-f]{32}",
        Around(LazyPattern(rb"(?<=[\"' ])(?P<secret>md5[0-9a-f]{32})(?![0-9a-f])"), reach=64, tail=8),
        "https://www.pgbouncer.org/config.html#authentication-file-format",
        Rank.STRUCTURE,
    ),
    Rule(
        "password-hash",
        rb"SCRAM-SHA-256\$[0-9]{1,8}:",
        Around(
            LazyPattern(
                rb"SCRAM-SHA-256\$[0-9]{1,8}:(?P<secret>[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=]{20,88}:[A-Za-z0-9+/=]{20,88})"
            )
        ),
        "https://www.postgresql.org/docs/current/catalog-pg-authid.html",
        Rank.STRUCTURE,
    ),
    # A constant of C, and a value printed at a Python prompt.
    rule_behind(
        "secret",
        rb"#define\s{1,4}[A-Za-z0-9_]{1,64}\s{1,40}\\{0,15}\"",
        rb"(?P<secret>[^\"\n\\]{4,512})(?=\\{0,15}\")",
        "https://en.cppreference.com/w/c/preprocessor/replace",
        has_name_before,
    ),
    Rule(
        "ethereum-key",
        rb"accounts\\{0,15}[\"']?: ?\[",
        Around(LazyPattern(rb"[\"'](?P<secret>0x[0-9a-fA-F]{64})(?![0-9a-fA-F])"), tail=512, beyond=True),
        "https://hardhat.org/hardhat-runner/docs/config",
        Rank.KEYED,
    ),
)
"""Configuration files."""
