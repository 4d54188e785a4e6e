"""Secrets behind the flags of commands: flags with a secret's name, and those of curl, MySQL, Docker and others."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Rank, Rule
from tachograph.redaction.rules.checks import is_filled_in, is_not_placeholder
from tachograph.redaction.rules.named_values import BARE, gives_away
from tachograph.redaction.words.expressions import either, keys_of
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_words import FLAG, FLAG_END, Strength

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
_CURL = "https://curl.se/docs/manpage.html#-u"
# What sentences say about a flag, and what is behind its name where a program declares it.
_OF_FLAGS = frozenset(b"flag flags option options argument arguments parameter switch setting support".split())
_ARGUMENT = re.compile(
    rb"(?:default|type|action|help|dest|required|nargs|envvar|metavar|is_flag|prompt|short|hide_input)="
)
COMMAND = rb"(?:[^\n|;&]|\\\r?\n)"
"""A character of a command, which may continue on the next line."""


def _flagged(match: re.Match[bytes]) -> str:
    name: bytes = match["name"]
    value = match["quoted"] or match["bare"] or b""
    if value.startswith((b"-", b"/", b"~/", b"./", b"id=")):
        # The next flag, or a file.
        return ""
    if match["bare"] is not None and (value.lower() in _OF_FLAGS or _ARGUMENT.match(value) is not None):
        return ""
    is_firm = secret_name(name) is Strength.FIRM and not is_placeholder(value)
    return kind_of(name) if is_firm or gives_away(name, value, quoted=match["bare"] is None) else ""


def _real_user(match: re.Match[bytes]) -> bool:
    password = (match["secret"] or match["bare"]).partition(b":")[2].strip(b"'\"\\")
    return not is_placeholder(password, quoted=True) and password.lower() != b"pass" and not password.startswith(b"$")


COMMANDS: tuple[Rule, ...] = (
    Rule(
        "secret",
        b"(?i)-(?:" + either(FLAG) + b"|(?:" + keys_of(FLAG) + rb")[-_]?key)"
        rb"(?:\\{0,15}[\"'`],(?:\s|\\n){0,4}|[\"'`]?,?(?:\s|\\[nt]){1,4})[^\s-]",
        Around(
            LazyPattern(
                rb"(?<![\w-])--?(?P<name>[a-z0-9][a-z0-9_-]{0,40}?)"
                rb"(?:\\{0,15}[\"'`],\s{0,4}|[\"'`]?,\s{1,4}|\s{1,4})"
                rb"(?:(?P<q>\\{0,15}[\"'`])(?P<quoted>.{1,4096}?)(?P=q)|(?P<bare>" + BARE + rb"))",
                re.IGNORECASE | re.DOTALL,
            ),
            _flagged,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "secret",
        rb"(?i)-[a-z0-9-]{0,24}_(?:" + either(FLAG_END) + rb")\s{1,4}[^\s-]",
        Around(
            LazyPattern(
                rb"(?<![\w-])--?(?P<name>[a-z0-9][a-z0-9_-]{0,40})\s{1,4}"
                rb"(?:(?P<q>[\"'`])(?P<quoted>.{1,4096}?)(?P=q)|(?P<bare>" + BARE + rb"))",
                re.IGNORECASE,
            ),
            _flagged,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?:mysql|mariadb)[a-z]{0,8}\s",
        Around(
            LazyPattern(
                rb"(?:mysql|mariadb)[a-z]{0,8}(?:\s"
                + COMMAND
                + rb"{0,300}?)?\s-p(?:\\{0,15}[\"'])?(?P<secret>[^\s\"'`\\=-][^\s\"'`\\]{2,256})"
            ),
            is_filled_in,
        ),
        "https://dev.mysql.com/doc/refman/8.4/en/connecting.html",
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?:curl|wget)[\s\"'\\](?:[^\x00]{0,1000}[\s\"'])?(?:-u|--user|--proxy-user|-U)",
        Around(
            LazyPattern(
                rb"(?:curl|wget)[\s\"'\\](?:(?:[^\n]|\\\r?\n){0,1000}?[\s\"'])?(?:-u|--user|--proxy-user|-U)"
                rb"(?:\\{0,15}[\"']\s{0,2},\s{0,2}|[\s=]{0,4})"
                rb"(?:(?P<open>\\{0,15}[\"'])(?P<secret>[^\s:\"'\\]{1,128}:(?:(?!(?P=open))[^\n]){1,256})(?P=open)"
                rb"|(?P<bare>[^\s:\"'\\]{1,128}:(?:\\{0,15}\"[^\"\n]{1,256}\"|\\{0,15}'[^'\n]{1,256}'"
                rb"|(?:[^\s\"'\\]|\\(?![nrtu\"'\\])){1,256})))"
            ),
            _real_user,
            reach=1100,
        ),
        _CURL,
        Rank.KEYED,
    ),
    Rule(
        "cookie",
        rb"curl[\s\"'\\](?:[^\x00]{0,1000}[\s\"'])?(?:-b|--cookie)[\s=\"'\\]",
        Around(
            LazyPattern(
                rb"curl[\s\"'\\](?:(?:[^\n]|\\\r?\n){0,1000}?[\s\"'])?(?:-b|--cookie)"
                rb"(?:\\{0,15}[\"']\s{0,2},\s{0,2}|[\s=]{0,4})(?:\\{0,15}[\"'])?"
                rb"(?P<secret>[A-Za-z0-9_.!#$%&*+^|~-]{1,128}=[^\"'`\\\r\n<>]{1,8192})"
            ),
            is_filled_in,
            reach=1100,
        ),
        "https://curl.se/docs/manpage.html#-b",
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)curlopt_(?:(?:proxy)?userpwd|(?:proxy)?password|xoauth2_bearer|(?:tls|ssl|key)[a-z_]{0,12}passwd)",
        Around(
            LazyPattern(
                rb"curlopt_[a-z0-9_]{4,24}\\{0,15}[\"']?\s{0,2}(?:,|=>)\s{0,2}(?P<q>\\{0,15}[\"'])(?P<secret>.{2,512}?)(?P=q)",
                re.IGNORECASE,
            ),
            is_not_placeholder,
        ),
        "https://curl.se/libcurl/c/curl_easy_setopt.html",
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)(?:sshpass|(?:docker|podman|helm|oras|skopeo|buildah|oc|az) [^\n|;&]{0,80}login|redis-cli|ldap[a-z]{3,8}"
        rb"|mongosh|htpasswd|keytool|requirepass|masterauth|bindpw|storepass|keypass|passin|passout)\s",
        Around(
            LazyPattern(
                rb"(?:sshpass\s{1,4}-p"
                rb"|(?:docker|podman|helm|oras|skopeo|buildah|oc|az) [^\n|;&]{0,80}login\s" + COMMAND + rb"{0,160}?\s-p"
                rb"|redis-cli\s(?:" + COMMAND + rb"{0,160}?\s)?-a|ldap[a-z]{3,8}\s(?:" + COMMAND + rb"{0,160}?\s)?-w"
                rb"|mongosh\s(?:"
                + COMMAND
                + rb"{0,160}?\s)?-p|-(?:store|key|srcstore|deststore)pass|(?:requirepass|masterauth|bindpw)"
                rb"|-pass(?:in|out)\s{1,4}pass:)(?:\s{1,4}|=|(?<=:))(?:\\{0,15}[\"'])?(?P<secret>[^\s\"'`\\-][^\s\"'`\\]{2,256})",
                re.IGNORECASE,
            ),
            is_filled_in,
        ),
        "https://redis.io/docs/latest/develop/tools/cli/",
        Rank.KEYED,
    ),
    Rule(
        "vault-unseal-key",
        rb"operator unseal\s",
        Around(LazyPattern(rb"operator unseal\s{1,4}(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})")),
        "https://developer.hashicorp.com/vault/docs/commands/operator/unseal",
        Rank.KEYED,
    ),
)
"""Flags, curl, MySQL, Docker, Redis and other command lines."""
