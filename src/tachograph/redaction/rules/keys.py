"""Secrets that a name, a header, a flag or a sentence gives away."""

from __future__ import annotations

import base64
import binascii
import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.names import NAME, SHORT_NAME, secret_name
from tachograph.redaction.rules.placeholder import is_placeholder, is_template
from tachograph.redaction.rules.rule import LEFT, Rank, Rule

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
_MOST_NAME = 64
_EMAN = re.compile(rb"[\w.-]+(?: [\w.-]+)?")
# A bare value ends where the text around it goes on: at a blank, a quote, or a closing sign that stands last.
_BARE = (
    rb"(?:[^\s\"'`<>\\,;&)\]}|]|[,;&)\]}|](?!\s*[\w.\"'-]{1,40}\s?[=:]|[\s\"'`\\<>,;&)\]}|]|\Z)"
    rb"|\\(?![nrtu\"'\\])){1,4096}"
)
_MARKED = rb"\[REDACTED:[a-z0-9-]{1,40}(?::[0-9a-f]{6})?\]"
_VALUE = (
    rb"(?:b|r|f|u)?(?P<q>\\{0,15}[\"'`])(?!(?P=q))(?P<quoted>.{1,8192}?)(?P=q)"
    rb"|\\{0,15}[\"'`](?P<cut>[^\s\"'`\\][^\n\"'`\\]{0,8192})\Z"
    rb"|(?P<marked>" + _MARKED + rb")|(?P<bare>" + _BARE + rb")"
)


_ASSIGNED = rb"(?:\\{0,15}[\"'`])?\]?(?:\s|\\[nt]){0,4}[:=]"
_ASSIGNMENT = Late(rb"(?P<op>[=>]{0,2})(?P<gap>\s{0,8})(?:" + _VALUE + rb")", re.DOTALL)


def looks_random(value: bytes) -> bool:
    """Whether a value has the look of a token: long, of one piece, not a word or a number."""
    if len(value) < 8 or b" " in value:
        return False
    digits = sum(48 <= c <= 57 for c in value)
    if digits == len(value):
        return False
    mixed = value.lower() != value and value.upper() != value
    return digits > 0 or (mixed and len(value) >= 20)


def name_before(text: bytes, end: int) -> bytes:
    """The name in front of a colon or equals sign that ends at a place; empty when there is none."""
    before = text[max(0, end - _MOST_NAME) : end - 1].rstrip()
    # Read backwards, for a pattern that is bound to the end of a text is tried at each place before it.
    eman = _EMAN.match(before.removesuffix(b"]").rstrip(b"\"'`").rstrip(b"\\")[::-1])
    if eman is None:
        return b""
    name = eman[0][::-1]
    return b"" if before.rfind(b"REDACTED:" + name) >= 0 else name


def _keyed(match: re.Match[bytes]) -> bool:
    strength = secret_name(name_before(match.string, match.start()))
    if strength is None or match["marked"] is not None:
        return False
    value = match["bare"]
    if value is None:
        value = match["quoted"] if match["quoted"] is not None else match["cut"]
        if is_placeholder(value):
            return False
        return strength == "strong" or looks_random(value)
    if is_placeholder(value):
        return False
    if strength == "weak" and not looks_random(value):
        return False
    if value.replace(b"_", b"").replace(b"-", b"").isalpha():
        # A word behind a colon is prose or a type; behind = it is a value, unless it is a variable of that name.
        tight = match.string[match.start() - 1 : match.start()] == b"=" and match["op"] + match["gap"] == b""
        return tight and len(value) > 3 and secret_name(value) is None
    return True


def _prose(match: re.Match[bytes]) -> bool:
    value = match["secret"]
    return not is_placeholder(value) and not value.isalpha() and not value.replace(b"-", b"").isalpha()


def _basic(match: re.Match[bytes]) -> bool:
    try:
        return b":" in base64.b64decode(match["secret"] + b"=" * (-len(match["secret"]) % 4))
    except (binascii.Error, ValueError):
        return False


def _flagged(match: re.Match[bytes]) -> bool:
    name = match["name"]
    strength = secret_name(name)
    value = match["quoted"] or match["bare"] or b""
    if strength is None or value.startswith(b"-") or is_placeholder(value):
        return False
    return strength == "strong" or looks_random(value)


def _filled(match: re.Match[bytes]) -> bool:
    return not is_template(match["secret"])


def _random(match: re.Match[bytes]) -> bool:
    return looks_random(match["secret"])


def _not_placeholder(match: re.Match[bytes]) -> bool:
    return not is_placeholder(match["secret"])


KEYED: tuple[Rule, ...] = (
    Rule("secret", rb"(?i)" + NAME + _ASSIGNED, _ASSIGNMENT, _OTEL, Rank.KEYED, _keyed, after=True),
    Rule(
        "secret",
        rb"(?i)" + SHORT_NAME + _ASSIGNED,
        _ASSIGNMENT,
        _OTEL,
        Rank.KEYED,
        _keyed,
        after=True,
    ),
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
        rb"(?i)(?:bearer|basic)\s{1,4}[A-Za-z0-9._~+/=-]{12}",
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
    Rule(
        "secret",
        rb"(?i)-(?:password|passwd|passphrase|secret|token|(?:api|access|private|secret|auth)[-_]?key|credentials?)"
        rb"(?:\\{0,15}[\"'`],(?:\s|\\n){0,4}|[\"'`]?,?(?:\s|\\[nt]){1,4})[^\s-]",
        Late(
            rb"(?<![\w-])--?(?P<name>[a-z0-9][a-z0-9-]{0,40}?|(?:password|pass|token|secret|pwd))"
            rb"(?:\\{0,15}[\"'`],\s{0,4}|[\"'`]?,\s{1,4}|\s{1,4})"
            rb"(?:(?P<q>\\{0,15}[\"'`])(?P<quoted>.{1,4096}?)(?P=q)|(?P<bare>" + _BARE + rb"))",
            re.IGNORECASE | re.DOTALL,
        ),
        _OTEL,
        Rank.KEYED,
        _flagged,
    ),
    Rule(
        "password",
        rb"(?:mysql|mariadb)[a-z]{0,8}\s",
        Late(rb"(?:mysql|mariadb)[a-z]{0,8}\s[^\n|;]{0,200}?\s?-p(?P<secret>[^\s\"'`\\=-][^\s\"'`\\]{2,256})"),
        "https://dev.mysql.com/doc/refman/8.4/en/connecting.html",
        Rank.KEYED,
        _filled,
    ),
    Rule(
        "password",
        rb"(?:curl|wget|http)\s[^\n]{0,400}\s-u",
        Late(
            rb"(?:curl|wget|http)\s[^\n]{0,400}?\s-u\s{0,2}(?:\\{0,15}[\"'])?[^\s:\"'\\]{1,128}:"
            rb"(?P<secret>[^\s\"'\\]{1,256})"
        ),
        "https://curl.se/docs/manpage.html#-u",
        Rank.KEYED,
        _filled,
        reach=512,
    ),
    Rule(
        "secret",
        rb"(?i)<[a-z0-9:_-]{0,32}(?:password|passwd|pwd|secret|token|api_?key|access_?key)>[^<]",
        Late(
            rb"<[a-z0-9:_-]{0,32}(?:password|passwd|pwd|secret|token|api_?key|access_?key)>"
            rb"(?P<secret>[^<]{3,4096})</",
            re.IGNORECASE,
        ),
        _OTEL,
        Rank.KEYED,
        _not_placeholder,
    ),
    Rule(
        "password",
        rb"(?i)(?:password|passphrase|passcode|secret|token|api[ _-]?key|credentials)\s{1,2}"
        rb"(?:is|was|are|to)[\s:]",
        Late(
            LEFT + rb"(?:password|passphrase|passcode|secret|token|api[ _-]?key|credentials)\s{1,2}"
            rb"(?:is|was|are|to)\s?:?\s{1,2}(?:now\s)?(?:\\{0,15}[\"'`])?"
            rb"(?P<secret>[^\s\"'`<>\\,;]{4,256}(?<![.,;:?)\]}]))",
            re.IGNORECASE,
        ),
        _OTEL,
        Rank.KEYED,
        _prose,
    ),
    Rule(
        "azure-key",
        rb"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=",
        Late(rb"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<secret>[A-Za-z0-9+/%=&_-]{16,1024})"),
        "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
        Rank.VENDOR,
    ),
)
