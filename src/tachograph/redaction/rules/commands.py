"""Secrets on command lines, in statements and in sentences."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, Around, Rank, Rule
from tachograph.redaction.rules.checks import is_filled_in, is_not_placeholder
from tachograph.redaction.rules.named_values import BARE, gives_away
from tachograph.redaction.words.expressions import either, keys_of
from tachograph.redaction.words.looks import is_phrase, looks_like_words
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_names import kind_of, secret_name
from tachograph.redaction.words.vocabulary import (
    AS_NOUN,
    FIELD,
    FLAG,
    FLAG_END,
    NOUN,
    NOUN_IS,
    WITH_NOUN,
    Strength,
)

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
_CURL = "https://curl.se/docs/manpage.html#-u"
_STATEMENT = re.compile(rb"\b(?:create|alter|grant|set)\s")
# What sentences say of a flag, and what stands behind its name where a program declares it.
_OF_FLAGS = frozenset(b"flag flags option options argument arguments parameter switch setting support".split())
_ARGUMENT = re.compile(
    rb"(?:default|type|action|help|dest|required|nargs|envvar|metavar|is_flag|prompt|short|hide_input)="
)
# An address, a path, a version, a time or a size.
_NO_VALUE = re.compile(
    rb"[a-z][a-z0-9]{1,12}://|[.~]{0,2}/|v?\d+(?:\.\d+)+\Z|[\d.:,+-]+[a-zA-Z%]{0,5}\Z|\w+\(|\$|[\w.-]+\.[a-z]{2,4}\Z",
    re.IGNORECASE,
)
COMMAND = rb"(?:[^\n|;&]|\\\r?\n)"
"""A character of a command, of which more may stand on the next line."""
_SQL_STRING = (
    rb"(?:\\{0,15}'(?P<single>[^'\n]{2,512})'|\\{0,15}\"(?P<double>[^\"\n]{2,512})\"|(?P<secret>[^\s'\"\\;,()]{3,512}))"
)


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


def _quoted_or_bare(match: re.Match[bytes]) -> bool:
    bare = match["secret"]
    if bare is not None:
        before = match.string[max(0, match.start() - 200) : match.end()].lower()
        if _STATEMENT.search(before) is None or (looks_like_words(bare) and bare.islower()):
            return False
    return not is_placeholder(match["single"] or match["double"] or match["secret"])


def _not_words(match: re.Match[bytes]) -> bool:
    return not is_placeholder(match["secret"]) and not looks_like_words(match["secret"])


def _prose(match: re.Match[bytes]) -> bool:
    value = match["secret"]
    words = looks_like_words(value) and not is_phrase(value)
    return not is_placeholder(value) and (match["q"] is not None or not words)


def _told(match: re.Match[bytes]) -> bool:
    """Further from its name, a value is to look like one."""
    value = match["secret"]
    mixed = any(48 <= char <= 57 for char in value) and any(char > 64 for char in value)
    return (
        (mixed or is_phrase(value)) and len(value) > 5 and not is_placeholder(value) and _NO_VALUE.match(value) is None
    )


_NOUN = either(NOUN)
_NOUN_IS = b"(?:" + either(NOUN_IS) + b"|(?:" + keys_of(NOUN_IS) + b")[ _-]?key)"
_WITH_NOUN = b"(?:" + either(WITH_NOUN) + b")"
_AS_NOUN = b"(?:" + either(AS_NOUN) + b"|(?:" + keys_of(AS_NOUN) + b") key)"
_ELEMENT = b"(?:" + either(FIELD) + b"|(?:" + keys_of(FIELD) + b")_?key)"
_OF = (
    rb"for|of|on|at|to|in|f\xc3\xbcr|von|vom|der|des|de|du|del|di|da|do|para|pour|\xd0\xbe\xd1\x82"
    rb"|\xd0\xb4\xd0\xbb\xd1\x8f"
)
_IS = rb"is|it's|was|are|ist|lautet|est|es|\xc3\xa9"
# What is said of one: in quotes, or up to what ends a clause.
_SAID = rb"(?P<q>\\{0,15}[\"'`]|\xc2\xab\s?)?(?P<secret>[^\s\"'`<>\\,;]{4,256}(?<![.,;:?)\]}]))"

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
    # In quotes anywhere, bare in a statement.
    *(
        Rule(
            "password",
            trigger,
            Around(
                LazyPattern(
                    rb"identified\s{1,4}(?:with\s{1,4}[\w'\"\\]{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?"
                    + _SQL_STRING,
                    re.IGNORECASE,
                ),
                _quoted_or_bare,
                reach=320,
            ),
            "https://dev.mysql.com/doc/refman/8.4/en/create-user.html",
            Rank.KEYED,
        )
        for trigger in (
            rb"(?i)identified\s{1,4}(?:with\s{1,4}[\w'\"\\]{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?\\{0,15}[\"']",
            rb"(?i)(?:create|alter|grant|set)\s[^;]{1,200}identified\s",
        )
    ),
    Rule(
        "password",
        rb"(?i)(?:user|role|group|login)\s[^\n;]{1,160}\spassword\s{1,4}[^\s=]",
        Around(
            LazyPattern(
                rb"(?:create|alter)\s{1,4}(?:user|role|group|login)\s[^\n;]{1,160}?\spassword\s{1,4}" + _SQL_STRING,
                re.IGNORECASE,
            ),
            _quoted_or_bare,
            reach=320,
        ),
        "https://www.postgresql.org/docs/current/sql-createrole.html",
        Rank.KEYED,
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
        "password",
        rb"(?i)\sas (?:the|my|your|its) " + _AS_NOUN + rb"(?:[^a-z]|$)",
        Around(
            LazyPattern(
                rb"\b(?:use|using|try|enter|take)\s{1,2}(?:\\{0,15}[\"'`])?(?P<secret>[^\s\"'`]{6,256})(?:\\{0,15}[\"'`])?\s{1,2}"
                rb"as (?:the|my|your|its) " + _AS_NOUN,
                re.IGNORECASE,
            ),
            _not_words,
            reach=320,
            tail=16,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "vault-unseal-key",
        rb"operator unseal\s",
        Around(LazyPattern(rb"operator unseal\s{1,4}(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})")),
        "https://developer.hashicorp.com/vault/docs/commands/operator/unseal",
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
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        b"(?i)" + _NOUN_IS + rb"\s{1,2}"
        rb"(?:is|was|are|to)[\s:]",
        Around(
            LazyPattern(
                _NOUN_IS + rb"\s{1,2}"
                rb"(?:is|was|are|to)\s?:?\s{1,2}(?:now\s)?" + _SAID,
                re.IGNORECASE,
            ),
            _prose,
            left=AT_LEFT,
            reach=32,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    # The key for the tests is …, das Passwort für den Server lautet …, el token de la base es ….
    Rule(
        "password",
        rb"(?i)(?:" + _NOUN + rb")\s(?:" + _OF + rb")\s[^\n.;:=]{1,48}(?:\s(?:" + _IS + rb"):?|:)\s",
        Around(
            LazyPattern(
                rb"(?:" + _NOUN + rb")\s(?:" + _OF + rb")\s[^\n.;:=]{1,48}?(?:\s(?:" + _IS + rb"):?|:)\s{1,2}" + _SAID,
                re.IGNORECASE,
            ),
            _told,
            left=AT_LEFT,
            reach=96,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)\b(?:with|using|and) (?:the |my |your )?" + _WITH_NOUN + rb" [^\s]",
        Around(
            LazyPattern(
                rb"\b(?:with|using|and) (?:the |my |your )?" + _WITH_NOUN + b" " + _SAID,
                re.IGNORECASE,
            ),
            _told,
            reach=48,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    Rule(
        "password",
        rb"(?i)(?:credentials?|logins?)[^\n:]{0,48}:\s{1,2}[\w.@-]{1,64}\s?/\s?[^\s/]",
        Around(
            LazyPattern(
                rb"(?:credentials?|logins?)[^\n:]{0,48}:\s{1,2}[\w.@-]{1,64}\s?/\s?" + _SAID,
                re.IGNORECASE,
            ),
            _told,
            reach=160,
            tail=272,
        ),
        _OTEL,
        Rank.KEYED,
    ),
)
"""Flags, SQL, netrc, curl and prose."""
