"""Secrets in configuration files, dialogs, dumps and forms: .pgpass, .netrc, ODBC, routers, Terraform, HTML, IMAP."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import QUOTE, Around, Behind, Group, Rank, Rule
from tachograph.redaction.rules.checks import is_filled_in, is_not_placeholder, is_not_words
from tachograph.redaction.rules.named_values import gives_away, name_before
from tachograph.redaction.words.expressions import WHOLE_NAME, either, keys_of
from tachograph.redaction.words.looks import looks_drawn, looks_like_words
from tachograph.redaction.words.placeholder import is_placeholder, is_template
from tachograph.redaction.words.secret_names import kind_of
from tachograph.redaction.words.vocabulary import ATTRIBUTE, FIELD, PROMPT

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Check

_REST = rb"(?P<secret>[^\s\"'`\\]{3,256}(?<![,;)\]}]))"
_BREAK = rb"(?:\r?\n|\\r\\n|\\n)"
_PASSWORD_FIELD = re.compile(rb"type\s?=\s?\\{0,15}[\"']?password", re.IGNORECASE)
_VARIABLE = re.compile(rb"variable\s{1,4}\\{0,15}\"(?P<name>[\w.-]{1,64})\\{0,15}\"\s{0,4}\{[^{}]*\Z")
# What keys begin with in base 64, without the last letters, which depend on what follows.
_KEYS = tuple(
    base64.b64encode(b"-----BEGIN %bPRIVATE KEY" % kind)[: (len(kind) + 22) * 8 // 6]
    for kind in (b"", b"RSA ", b"EC ", b"DSA ", b"OPENSSH ", b"ENCRYPTED ")
)
_HEX = re.compile(rb"[0-9a-f]+\Z")
_ACL = re.compile(rb"(?:\A|[\"']|\\n)\s{0,8}user [^\s]{1,64} (?:[^\s]{1,64} ){0,4}on >\Z")
_MOST_BLOCK = 400

_IANA = "https://www.rfc-editor.org/rfc/rfc959#section-5.3"
_CISCO = "https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/security/s1/sec-s1-cr-book.html"
_HTML = "https://html.spec.whatwg.org/multipage/input.html"


def _of_odbc(match: re.Match[bytes]) -> bool:
    # A single word in braces is a placeholder: values need braces only for special characters.
    secret = match["secret"]
    return not (is_placeholder(match["bare"], quoted=True) if secret is None else is_template(b"{%b}" % secret))


def _of_field(match: re.Match[bytes]) -> str:
    if is_template(match["secret"]):
        return ""
    if _PASSWORD_FIELD.search(match[0]) is not None:
        return "password"
    return kind_of(match["name"]) if gives_away(match["name"], match["secret"], quoted=True) else ""


def _by_name(match: re.Match[bytes]) -> str:
    return kind_of(match["name"]) if gives_away(match["name"], match["secret"], quoted=True, label=True) else ""


def _named_before(match: re.Match[bytes]) -> str:
    name = name_before(match.string, match.start())
    is_word = looks_like_words(match["secret"].replace(b"_", b"-"))
    return kind_of(name) if not is_word and gives_away(name, match["secret"], quoted=True) else ""


def _after_reset(match: re.Match[bytes]) -> bool:
    return b"assword" in match.string[max(0, match.start() - 240) : match.start()] and is_not_words(match)


def _is_mixed(match: re.Match[bytes]) -> bool:
    return looks_drawn(match["secret"]) and _HEX.match(match["secret"]) is None


def _of_variable(match: re.Match[bytes]) -> str:
    before = match.string[max(0, match.start() - _MOST_BLOCK) : match.start()]
    block = _VARIABLE.search(before, max(0, before.rfind(b'variable "'), before.rfind(b"variable \\")))
    if block is None:
        return ""
    return kind_of(block["name"]) if gives_away(block["name"], match["secret"], quoted=True) else ""


def _of_acl(match: re.Match[bytes]) -> bool:
    line = match.string[max(0, match.start() - 120) : match.start()].rpartition(b"\n")[2].lower()
    return (b"setuser " in line or _ACL.search(line) is not None) and is_filled_in(match)


def _of_login(match: re.Match[bytes]) -> bool:
    line = match.string[max(0, match.start() - 64) : match.start()].rpartition(b"\n")[2]
    return b"AUTH" not in line and is_not_words(match)


def _of_role(match: re.Match[bytes]) -> bool:
    around = match.string[max(0, match.start() - 256) : match.end() + 256].lower()
    return b"role_id" in around or b"approle" in around or b"roleid" in around


def _behind(
    kind: str,
    trigger: bytes,
    pattern: bytes,
    source: str,
    check: Check,
    back: int = 0,
) -> Rule:
    """The rule of a value right behind its trigger."""
    return Rule(kind, trigger, Behind(LazyPattern(pattern), check, back), source, Rank.KEYED)


_ELEMENT = b"(?:" + either(FIELD) + b"|(?:" + keys_of(FIELD) + b")_?key)"
_XML = "https://opentelemetry.io/docs/security/handling-sensitive-data/"

FILES_AND_DIALOGS: tuple[Rule, ...] = (
    # host:port:database:user:password
    *(
        _behind(
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
    _behind(
        "password",
        rb"[;&]\s?PWD=[^/$\s]",
        rb"(?<==)(?:\{(?P<secret>[^{}\n]{2,256})\}|(?P<bare>[^\s;&\"'`{}\\][^\s;&\"'`\\]{2,256}))",
        "https://learn.microsoft.com/sql/odbc/reference/syntax/sqldriverconnect-function",
        _of_odbc,
        back=1,
    ),
    _behind(
        "password",
        rb"(?i)(?:user|username)[ \t]{1,4}[\w.@-]{1,64}[ \t]{1,4}"
        rb"(?:privilege [0-9]{1,2} )?(?:insecure-)?(?:password|secret)[ \t]",
        rb"[ \t]{0,3}(?:[0-9] {1,2})?" + _REST,
        _CISCO,
        is_not_words,
    ),
    _behind("password", rb"enable (?:password|secret) ", rb"(?:[0-9]\s{1,2})?" + _REST, _CISCO, is_not_words),
    _behind("snmp-community", rb"snmp-server community ", _REST, _CISCO, is_filled_in),
    _behind(
        "pre-shared-key",
        rb":\s?PSK\s{1,4}" + QUOTE,
        rb"(?P<secret>[^\"'\n\\]{4,256})",
        "https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html",
        is_filled_in,
    ),
    _behind(
        "password",
        rb"\son >",
        rb"(?P<secret>[^\s\"'`\\]{3,256})",
        "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/",
        _of_acl,
    ),
    _behind(
        "password",
        rb"stats auth [^\s:]{1,64}:",
        _REST,
        "https://docs.haproxy.org/3.0/configuration.html#stats%20auth",
        is_filled_in,
    ),
    Rule(
        "password-hash",
        rb"[0-9a-fA-F]{8}:::",
        Around(LazyPattern(rb":[0-9]{1,9}:(?P<secret>[0-9a-fA-F]{32}:[0-9a-fA-F]{32}):::"), reach=96, tail=0),
        "https://learn.microsoft.com/windows-server/security/kerberos/passwords-technical-overview",
        Rank.STRUCTURE,
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
    Rule(
        "password",
        rb"random_password",
        Around(
            LazyPattern(rb"\"result\\{0,15}\"\s{0,4}:\s{0,4}\\{0,15}\"(?P<secret>[^\"\n\\]{4,256})"),
            reach=1024,
            tail=1024,
            beyond=True,
        ),
        "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
        Rank.KEYED,
    ),
    _behind(
        "secret",
        rb"default\s{1,12}=\s{1,4}\\{0,15}\"[^\s\"]{4}",
        rb"(?P<secret>[^\"\n\\]{4,1024})",
        "https://developer.hashicorp.com/terraform/language/block/variable",
        _of_variable,
        back=4,
    ),
    Rule(
        "vault-secret-id",
        rb"(?i)secret_id[\"'\\]{0,4}\s{0,2}[:=]",
        Around(
            LazyPattern(
                rb"secret_id[\"'\\]{0,16}\s{0,2}[:=]\s{0,4}[\"'\\]{0,16}(?P<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
                re.IGNORECASE,
            ),
            _of_role,
        ),
        "https://developer.hashicorp.com/vault/docs/auth/approle",
        Rank.KEYED,
    ),
    Rule(
        "vault-unseal-key",
        rb"(?i)(?:unseal|recovery) key(?: [0-9]{1,2}| \([a-z0-9 ,]{1,24}\))?:",
        Around(
            LazyPattern(
                rb"(?:unseal|recovery) key[^:\n]{0,32}:\s{1,4}(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})", re.IGNORECASE
            )
        ),
        "https://developer.hashicorp.com/vault/docs/concepts/seal",
        Rank.KEYED,
    ),
    # Old and new value in a Terraform plan.
    _behind(
        "secret",
        rb"(?i)" + WHOLE_NAME + rb"\s{1,40}=\s\\{0,15}\"[^\"\n]{0,256}\" -> \\{0,15}\"",
        rb"(?P<secret>[^\"\n\\]{3,1024})",
        "https://developer.hashicorp.com/terraform/cli/commands/plan",
        is_filled_in,
    ),
    _behind(
        "password",
        rb"New value: [^\s]",
        _REST,
        "https://www.elastic.co/docs/reference/elasticsearch/command-line-tools/reset-password",
        _after_reset,
        back=1,
    ),
    # A constant of C, and a value printed at a Python prompt.
    _behind(
        "secret",
        rb"#define\s{1,4}[A-Za-z0-9_]{1,64}\s{1,40}\\{0,15}\"",
        rb"(?P<secret>[^\"\n\\]{4,512})(?=\\{0,15}\")",
        "https://en.cppreference.com/w/c/preprocessor/replace",
        _named_before,
    ),
    _behind(
        "secret",
        rb"(?i)(?:" + either(PROMPT) + rb")[\"']\]\)?" + _BREAK + rb"[\"']",
        rb"(?P<secret>[^\"'\n\\]{4,512})(?=[\"'])",
        "https://docs.python.org/3/tutorial/interpreter.html#interactive-mode",
        _named_before,
    ),
    # The secret key behind the access key, in a line that has both.
    _behind(
        "aws-secret-key",
        rb"A[KS]IA[A-Z0-9]{16}[\s,|\"':]",
        rb"[^\n]{0,80}?(?<![A-Za-z0-9/+])(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        _is_mixed,
        back=1,
    ),
    *(
        Rule(
            "private-key",
            begin,
            Around(LazyPattern(rb"(?P<secret>" + begin + rb"[A-Za-z0-9+/]{16,65536}+={0,2})")),
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
            Rank.STRUCTURE,
        )
        for begin in _KEYS
    ),
    Rule(
        "otp-secret",
        rb"(?i)(?:totp|otp|mfa|2fa) (?:secret|seed|key)",
        Around(
            LazyPattern(
                rb"(?i:t?otp|mfa|2fa) (?i:secret|seed|key)(?: is)?[\s:=]{1,3}(?P<secret>[A-Z2-7]{16,64})(?![A-Za-z0-9])"
            )
        ),
        "https://github.com/google/google-authenticator/wiki/Key-Uri-Format",
        Rank.KEYED,
    ),
    Rule(
        "ethereum-key",
        rb"accounts\\{0,15}[\"']?: ?\[",
        Around(LazyPattern(rb"[\"'](?P<secret>0x[0-9a-fA-F]{64})(?![0-9a-fA-F])"), tail=512, beyond=True),
        "https://hardhat.org/hardhat-runner/docs/config",
        Rank.KEYED,
    ),
    # A dialog of FTP, POP3 or IRC, and one of IMAP.
    _behind(
        "password",
        rb"USER [^\s]{1,64}" + _BREAK + rb"(?:[^\n]{0,160}\n){0,2}[^\n]{0,200}PASS ",
        _REST,
        _IANA,
        is_not_words,
    ),
    _behind(
        "password",
        rb" LOGIN ",
        rb"(?!PASSWORD)(?:" + QUOTE + rb")?[^\s\"']{1,128}(?:" + QUOTE + rb")?\s(?:" + QUOTE + rb")?" + _REST,
        "https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3",
        _of_login,
    ),
    # An answer in a script of expect.
    _behind(
        "password",
        rb"(?i)(?:assword|assphrase)[^\n]{0,24}" + _BREAK + rb"\s{0,8}send(?:\s--)?\s",
        rb"(?:--\s)?(?:" + QUOTE + rb")(?P<secret>[^\s\"'\\$]{3,256})",
        "https://core.tcl-lang.org/expect/home",
        is_filled_in,
    ),
    # Forms: as they are sent, and in HTML.
    _behind(
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
"""Configuration files, dialogs, dumps and forms."""
