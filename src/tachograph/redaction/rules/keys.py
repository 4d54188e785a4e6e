"""Secrets that the name in front of them gives away, in every syntax that assigns."""

from __future__ import annotations

import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.names import Strength, secret_name
from tachograph.redaction.rules.placeholder import is_placeholder
from tachograph.redaction.rules.rule import Rank, Rule
from tachograph.redaction.rules.value import looks_drawn, looks_like_words, looks_random

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
_MOST_NAME = 64

# As `names` has them, for the scan; both are tried on every name that the tests have.
_SEP = rb"[-_. ]?"
_SECRET = (
    rb"password|passwd|passwrd|pasword|paswd|paswrd|paassword|p@ssword|psword|pssword|pswrd|psswd|psswrd|userpwd"
    rb"|passphrase|passcode|passwort|contrase\xc3\xb1a|mot_de_passe|pwd|secret|token|credentials?|creds|bearer|authorization|cookie|connection"
    + _SEP
    + rb"string|mnemonic"
    rb"|seed" + _SEP + rb"phrase|pin" + _SEP + rb"code|oauth2?_signature"
    rb"|(?:api|access|private|signing|encryption|account|shared|master|storage|subscription|license|service|app|auth|ssh"
    rb"|deploy|webhook|hmac|cipher|decryption|admin|server|consumer|instrumentation|publishable|unseal|recovery"
    rb"|activation)" + _SEP + rb"(?:api" + _SEP + rb")?key"
)
_EDGED = rb"pass|pin|cvv2?|cvc|otp|pswd|psw|creds?|auth|bearer|sas|pat"
_SUFFIX = (
    rb"[0-9]{0,2}(?:[-_.]?(?:value|hash|string|text|base64|b64|pem|prod|dev|test|staging|confirmation|header|new|old))?"
)
NAME = b"(?:" + _SECRET + rb")(?:[-_.][\w-]{1,28}|[0-9]{1,3}|(?:value|hash|string|text|base64|b64|pem|header|new|old))?"
"""A name under which a secret stands, to its end; without regard to case."""
_SHORT_NAME = b"(?:^|[^A-Za-z])(?:" + _EDGED + b")" + _SUFFIX
_SIGNS = b" \t\n\r:=?.+!,>([-"
_EMAN = re.compile(rb"[\w.-]+(?: [\w.-]+)?")

# A bare value ends where the text around it goes on: at a blank, a quote, or a closing sign that stands last.
BARE = (
    rb"(?:[^\s\"'`<>\\,;&)\]}|]|[,;&)\]}|](?!\s*[\w.\"'-]{1,40}\s?[=:]|[\s\"'`\\<>,;&)\]}|]|\Z)"
    rb"|\\(?![nrtu\"'\\])){1,4096}"
)
_MARKED = rb"\[REDACTED:[a-z0-9-]{1,40}(?::[0-9a-f]{6})?\]"
VALUE = (
    rb"(?:(?:b|r|f|u|@)?(?P<q>\\{0,15}[\"'`])(?!(?P=q))(?P<quoted>.{1,8192}?)(?P=q)"
    rb"|\\{0,15}[\"'`](?P<cut>[^\s\"'`\\][^\n\"'`\\]{0,8192})\Z"
    rb"|(?P<marked>" + _MARKED + rb")|(?P<bare>" + BARE + rb"))"
)

_CLOSED = rb"(?:\\{0,15}[\"'`])?(?:\[?\])?"
_TYPED = rb"(?:\s{1,3}(?:string|str|String|char|bytes))?"
_ASSIGNED = _CLOSED + _TYPED + rb"(?:\s|\\[nt]){0,4}[?.:+!=]{0,3}[:=]"
# `name: Type = value`, of Scala, Kotlin, Swift, Rust, TypeScript and Python.
_TYPE = rb"(?:\s{0,3}&?(?:'static )?[A-Za-z][\w.]{0,30}(?:<[\w, ]{1,30}>|\[[\w, ]{1,30}\])?\??\s{0,3}=(?!=)\s{0,3})?"
_ASSIGNMENT = Late(rb"(?P<op>[=>]{0,2})" + _TYPE + rb"(?P<gap>\s{0,8})" + VALUE, re.DOTALL)


def name_before(text: bytes, end: int) -> bytes:
    """The name in front of the signs that end at a place, or the last two words; empty when there is none."""
    before = text[max(0, end - _MOST_NAME) : end].rstrip(_SIGNS).rstrip(b"\"'`")
    before = before.rstrip(b"\\").rstrip(_SIGNS)
    # Read backwards, for a pattern that is bound to the end of a text is tried at each place before it.
    before = before.removesuffix(b"]").removesuffix(b"[").rstrip(b"\"'`").rstrip(b"\\")
    eman = _EMAN.match(before[::-1])
    if eman is None:
        return b""
    name = eman[0][::-1]
    for kind in (b" string", b" str", b" String", b" char", b" bytes"):
        name = name.removesuffix(kind)
    return b"" if before.rfind(b"REDACTED:" + name) >= 0 else name


def gives_away(name: bytes, value: bytes, *, quoted: bool) -> bool:
    """Whether a name in a text makes its value a secret.

    Parameters
    ----------
    name
        The name, a flag or a variable.
    value
        What stands under it.
    quoted
        Whether it stands in quotes; passwords in quotes may be words.
    """
    strength = secret_name(name)
    if strength is Strength.NONE or is_placeholder(value):
        return False
    if strength is Strength.STRONG:
        long_enough = len(value) > 3 or (len(value) == 3 and value.isdigit())
        return long_enough and (quoted or not value.startswith(b"("))
    if strength is Strength.FIRM:
        return not (looks_like_words(value) or value.startswith(b"("))
    if strength is Strength.WEAK:
        return looks_random(value)
    return looks_drawn(value, uuid=True)


def _keyed(match: re.Match[bytes]) -> bool:
    name = name_before(match.string, match.start())
    if not name or match["marked"] is not None:
        return False
    value = match["bare"]
    if value is not None and not value.strip(_OPERATOR):
        return False
    if value is None:
        return gives_away(name, match["quoted"] if match["quoted"] is not None else match["cut"], quoted=True)
    if not gives_away(name, value, quoted=False):
        return False
    if value.replace(b"_", b"").replace(b"-", b"").isalpha():
        # A word behind a colon is prose or a type; behind = it is a value, unless it is a variable of that name.
        tight = match.string[match.start() - 1 : match.start()] == b"=" and match["op"] + match["gap"] == b""
        return tight and len(value) > 3 and secret_name(value) is Strength.NONE
    return True


def _paired(match: re.Match[bytes]) -> bool:
    pair = _PAIR.search(match.string, max(0, match.start() - _REACH), match.start())
    if pair is None:
        return False
    value = match["bare"]
    if value is None:
        return gives_away(pair[1], match["quoted"] if match["quoted"] is not None else match["cut"], quoted=True)
    return gives_away(pair[1], value, quoted=False)


def _argument(match: re.Match[bytes]) -> bool:
    value = match["quoted"]
    return looks_random(value) and gives_away(name_before(match.string, match.start()), value, quoted=True)


def _compared(match: re.Match[bytes]) -> bool:
    return gives_away(match["name"], match["secret"], quoted=True)


def _drawn(match: re.Match[bytes]) -> bool:
    value = match["secret"]
    # One of several readings: in another one the word it begins with is the name.
    if _NAMED.match(value) is not None or not looks_drawn(value, uuid=True) or is_placeholder(value):
        return False
    name = name_before(match.string, match.start())
    return any(secret_name(b"x_" + word) is not Strength.NONE for word in name.split())


_OPERATOR = b":=?.+!> "
_NAMED = re.compile(rb"(?:secret|token|key|access|private)[=:_-]", re.IGNORECASE)
_WORDS = rb"(?:secret|token|key|access|private|passwo?r?d|credentials?|auth)"
_REACH = 160
_PAIR = re.compile(
    rb"([\w.-]{1,64})(?:\\{0,15}[\"'`])?(?:\s|\\n|,){1,24}(?:-\s)?(?:\\{0,15}[\"'`])?value(?:\\{0,15}[\"'`])?\s?[:=]\Z",
    re.IGNORECASE,
)

KEYED: tuple[Rule, ...] = (
    Rule("secret", rb"(?i)" + NAME + _ASSIGNED, _ASSIGNMENT, _OTEL, Rank.KEYED, _keyed, back=0),
    Rule("secret", rb"(?i)" + _SHORT_NAME + _ASSIGNED, _ASSIGNMENT, _OTEL, Rank.KEYED, _keyed, back=0),
    # One by one: of all together hyperscan would look for the two letters that they share.
    *(
        Rule("password", rb"(?i)(?:^|[^A-Za-z])pw" + end, _ASSIGNMENT, _OTEL, Rank.KEYED, _keyed, back=0)
        for end in (rb":", rb"=", rb" :", rb" =", rb"\":")
    ),
    # (name, value), [name, value], name value, of calls, directives and settings.
    Rule(
        "secret",
        rb"(?i)" + NAME + rb"(?:\\{0,15}[\"'`])?(?:\s?,\s?|(?:\s|\\{1,2}t){1,4})\\{0,15}[\"'`]",
        Late(rb"(?P<q>[\"'`])(?!(?P=q))(?P<quoted>.{1,4096}?)(?=\\{0,15}(?P=q))", re.DOTALL),
        _OTEL,
        Rank.KEYED,
        _argument,
        back=1,
    ),
    # <add key="Password" value="…"/>, {"name": "DB_PASSWORD", "value": "…"}, and the same in YAML.
    Rule(
        "secret",
        rb"(?i)(?:password|passwd|pwd|passphrase|secret|token|key|credentials?)[\"'`\\ ,\n\r\tn-]{1,30}"
        rb"value[\"'`\\]{0,4}\s?[:=]",
        Late(rb"\s{0,2}" + VALUE, re.DOTALL),
        _OTEL,
        Rank.KEYED,
        _paired,
        back=0,
    ),
    # "value" == name, the other way round.
    Rule(
        "secret",
        rb"(?i)[\"'`]\s?[!=]={1,2}\s?[\w.$]{0,40}" + NAME,
        Late(
            rb"(?P<q>[\"'`])(?P<secret>[^\"'`\n]{4,512})(?P=q)\s?[!=]={1,2}\s?(?P<name>[\w.$]{0,40}" + NAME + rb")",
            re.IGNORECASE,
        ),
        _OTEL,
        Rank.KEYED,
        _compared,
        reach=640,
    ),
    # A word for a secret, and behind it what was clearly drawn by chance: `the key 5Fq…`, `SERVICE_TOKEN-5Fq…`.
    Rule(
        "secret",
        rb"(?i)" + _WORDS + rb"(?:[-_ ]{1,3}[a-z]{3,8})?(?:\\{0,15}[\"'`\])])?[\s:=>,([-]{1,6}(?:\\{0,15}[\"'`])?"
        rb"[A-Za-z0-9+/_.~=-]{16}",
        Late(rb"(?P<secret>[A-Za-z0-9+_~][A-Za-z0-9+/_.~=-]{15,1024}(?<![.~]))"),
        _OTEL,
        Rank.KEYED,
        _drawn,
        back=16,
    ),
)
"""Values under names."""
