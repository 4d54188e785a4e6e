"""Secrets behind a name, in every syntax that assigns: ``password=…``, ``"api_key": "…"``, YAML, pairs, comparisons."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Behind, Rank, Rule
from tachograph.redaction.words.expressions import either
from tachograph.redaction.words.looks import is_phrase, is_scrambled, looks_drawn, looks_like_words, looks_random
from tachograph.redaction.words.name_patterns import SHORT_NAMES, SHORTEST_NAMES, SUFFIX, WHOLE_NAME
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_words import LABEL, NEAR, PAIR, Strength

_OTEL = "https://opentelemetry.io/docs/security/handling-sensitive-data/"
_MOST_NAME = 96

# A line break in the JSON of a text is a backslash and a letter.
_EDGE = rb"(?:^|[^A-Za-z]|\\[nrtbf])"
_BLANK = rb"(?:\s|\\{1,4}[nrt])"
# In columns, names and signs are far apart.
_BLANKS = rb"(?:" + _BLANK + rb"{0,4}|[ \t]{5,40})"
_SHORT_NAME = _EDGE + b"(?:" + SHORT_NAMES + b")" + SUFFIX

# A bare value ends where the text around it continues: at a blank, a quote, or a final closing sign. It is the
# last of each pattern that has it, so that its runs are never tried in parts.
BARE = (
    rb"(?:[^\s\"'`<>\\,;&)\]}|]{1,4096}|[,;&)\]}|](?!\s*[\w.\"'-]{1,40}\s?[=:]|[\s\"'`\\<>,;&)\]}|]|\Z)"
    rb"|\\(?![nrtu\"'\\])){1,4096}"
)
_MARKED = rb"\[REDACTED:[a-z0-9-]{1,40}(?::[0-9a-f]{6})?\]"
# A quote with one more backslash in front is part of the value.
VALUE = (
    rb"(?:(?:b|r|f|u|@|N)?(?P<q>\"\"\"|'''|\\{0,15}[\"'`])(?!(?P=q))(?P<quoted>.{1,8192}?)(?<!\\)(?P=q)"
    rb"|\\{0,15}[\"'`](?P<cut>[^\s\"'`\\][^\n\"'`\\]{0,8192})(?=\n|\\n|\Z)"
    rb"|[|>][+-]?[ \t]*\r?\n(?P<indent>[ \t]+)(?P<block>[^\n]+(?:\n(?P=indent)[^\n]*){0,400})"
    rb"|(?P<marked>" + _MARKED + rb")|(?P<bare>" + BARE + rb"))"
)

# An index or a quote, or the default in a prompt.
_CLOSED = rb"(?:\\*[\"'`])?(?:\[?\]| \[(?:None|\*{4,24}\w{0,8})\])?"
_TYPED = rb"(?:\s{1,3}(?:string|str|String|char|bytes))?"
_ASSIGNED = _CLOSED + _TYPED + _BLANKS + rb"[?.:+!=|]{0,3}(?:[:=]|\xef\xbc\x9a)"
# `name: Type = value`, of Scala, Kotlin, Swift, Rust, TypeScript and Python.
_TYPE = (
    rb"(?:(?<=:)[ \t]{0,3}&?(?:'static )?[A-Za-z][\w.]{0,30}(?:<[\w, ]{1,30}>|\[[\w, ]{1,30}\])?\??"
    rb"\s{0,3}=(?!=)\s{0,3})?"
)
# What is around a value that is in a list, in a member, or wrapped in a call.
_WRAPPED = (
    rb"(?:\[\s{0,8}(?=\\{0,15}[\"'])|\{\s{0,8}\\{0,15}[\"']\w{1,20}\\{0,15}[\"']\s{0,3}:\s{0,3}(?=\\{0,15}[\"'])|-\s{1,3}"
    rb"|(?:SecretStr|SecretBytes|SecretString|Secret|Some|Just|Ok|String::from|new String|bytes|b64decode)"
    rb"(?:::new)?\(\s{0,2}(?=\\{0,15}[\"'])|string\([0-9]{1,5}\) (?=\\{0,15}\"))?"
)
# `${PASSWORD:-a}` has a minus sign more.
_ASSIGNMENT = LazyPattern(
    rb"(?P<op>(?<=:)(?:-(?=[^\s-])|\*\*(?=\s))|[=>]{0,2})" + _TYPE + rb"(?P<gap>\s{0,8})" + _WRAPPED + VALUE, re.DOTALL
)

_NAME_REVERSED = re.compile(rb"[\w.@\x80-\xff-]+(?: [\w.-]+)?")
_SCHEME = re.compile(rb"(?:basic|bearer|token|bot)\s+(?=\S)", re.IGNORECASE)
_SIGNS = b" \t\n\r:=?.+!|,>([-"
_TYPES = (b" string", b" str", b" String", b" char", b" bytes")
_OPERATOR = b":=?.+!|> "
_NEVER_FIRST = b"),;]} \n\r\t"
_LOGPROB = re.compile(rb"\\{0,7}[\"']?\s{0,2},\s{0,2}\\{0,7}[\"'](?:logprob|bytes)")
# What may be in the place of a value: the first name of a mapping, or the next name of a list of settings.
_TESTS_OF_GO = (b"Test", b"Fuzz", b"Example", b"Benchmark")
_NEXT_KEY = re.compile(rb"[A-Za-z_][\w.-]{0,40}:\Z")
_NEXT_VARIABLE = re.compile(rb"[A-Za-z_][\w.-]{0,40}=[^=]|[A-Z]+(?:_[A-Z0-9]+)*=\Z")
# A test that passed: `PASS: tests/unit`, of automake and DejaGnu, `--- PASS: TestServer/5`, of Go.
_TEST = re.compile(
    rb"(?=(?i:test)|[\w.-]+/|.*\.(?:sh|py|pl|rb|js|ts|c|cc|exp|t)\Z)(?:[A-Za-z]*+[0-9]{0,3}+[-_./:+]{1,2}+)*+[A-Za-z]*+[0-9]{0,3}+\Z"
)
# The name of a secret in AWS, not the secret: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_ARN = re.compile(rb"arn:aws[a-z-]{0,12}:secretsmanager:[a-z0-9-]{0,24}:[0-9]{0,12}:\Z")
_PUBLIC = re.compile(rb"(?i)\b(?:public|rsa|dsa|ecdsa|eddsa|ed25519|pgp|primary) key\Z")
_FINGERPRINT = re.compile(rb"(?:[0-9A-F]{16}|[0-9A-F]{40})\Z")
_NAMED = re.compile(b"(?:" + either(LABEL) + b")[=:_-]", re.IGNORECASE)
_SEED = re.compile(rb"(?i)mnemonic|seed.?phrase")
_LEAST_SEED = 12
# The default in a prompt.
_OFFERED = re.compile(rb" \[(?:None|\*{4,24}\w{0,8})\]\Z")
_MOST_OFFERED = 40
_REACH = 160
_LEAST_NUMBER = 5
_LONGEST_ARN = 80
# For text that is read backwards.
_PAIR_REVERSED = re.compile(
    rb"[:=]\s?(?:[\"'`]\\{0,15})?eulav(?:[\"'`]\\{0,15})?(?:\s-)?(?:\s|[nr]\\{1,2}|[,:{]){1,24}(?:[\"'`]\\{0,15})?"
    rb"([\w.-]{1,64})",
    re.IGNORECASE,
)


def name_before(text: bytes, end: int) -> bytes:
    """The name in front of the signs that end at a place, or the last two words; empty when there is none."""
    before = text[max(0, end - _MOST_NAME) : end].removesuffix(b"\xef\xbc\x9a").rstrip(_SIGNS)
    offered = _OFFERED.search(before, max(0, len(before) - _MOST_OFFERED)) if before.endswith(b"]") else None
    if offered is not None:
        before = before[: offered.start()]
    if before.endswith((b"\\n", b"\\r", b"\\t")):
        before = before[:-2].rstrip(_SIGNS + b"\\")
    before = before.rstrip(b"\"'`").rstrip(b"\\").rstrip(_SIGNS)
    # Matched backwards, because a pattern bound to the end of a text is tried at each place before it.
    before = before.removesuffix(b"]").removesuffix(b"[").rstrip(b"\"'`").rstrip(b"\\")
    reversed_name = _NAME_REVERSED.match(before[::-1])
    if reversed_name is None:
        return b""
    name = reversed_name[0][::-1]
    if len(before) > len(name) and before[-len(name) - 1 : -len(name)] == b"\\" and name[:1] in b"nrt":
        # The escape of a line break, and the name behind it.
        name = name[1:]
    for kind in _TYPES:
        name = name.removesuffix(kind)
    return b"" if before.rfind(b"REDACTED:" + name) >= 0 else name


def gives_away(name: bytes, value: bytes, *, quoted: bool, label: bool = False) -> bool:
    """Whether a name in a text makes its value a secret.

    Parameters
    ----------
    name
        The name, a flag or a variable.
    value
        Its value.
    quoted
        Whether the value is in quotes; passwords in quotes may be words.
    label
        Whether the value may be a text about the name, such as a translation or a description.
    """
    strength = secret_name(name)
    scheme = _SCHEME.match(value)
    if scheme is not None:
        value = value[scheme.end() :]
    if strength is Strength.NONE or value[:1] in _NEVER_FIRST:
        return False
    if strength is Strength.STRONG:
        is_secret = _is_password(name, value, quoted=quoted, label=label)
    elif strength is Strength.FIRM and _SEED.search(name) is not None and len(value.split()) >= _LEAST_SEED:
        is_secret = True
    elif strength is Strength.FIRM:
        # A constant of a program, and no PIN.
        number = value.isdigit() and len(value) < _LEAST_NUMBER and name.isupper() and b"_" in name
        is_secret = not (number or value.startswith((b"(", b"~/", b"/", b"./", b"id=")) or looks_like_words(value))
    elif strength is Strength.WEAK:
        is_secret = looks_random(value)
    else:
        is_secret = looks_drawn(value, uuid=True)
    return is_secret and not is_placeholder(value, quoted=quoted)


def has_name_before(match: re.Match[bytes]) -> str:
    """The kind of a quoted value whose name is in front of the match; empty if it is none or the value is words."""
    name = name_before(match.string, match.start())
    is_word = looks_like_words(match["secret"].replace(b"_", b"-"))
    return kind_of(name) if not is_word and gives_away(name, match["secret"], quoted=True) else ""


def _is_password(name: bytes, value: bytes, *, quoted: bool, label: bool) -> bool:
    if value.isdigit():
        return len(value) > (5 if name.lower() == b"pass" else 2)
    if len(value) < 4 or (not quoted and value.startswith((b"(", b"/", b"~/"))):
        return False
    # A phrase is of words.
    is_label = label and looks_like_words(value) and (b" " in value or value.istitle())
    return not is_label or b"phrase" in name.lower()


def _value_of(match: re.Match[bytes]) -> bytes:
    value: bytes = next(match[group] for group in ("quoted", "cut", "block") if match[group] is not None)
    return value.strip() if match["block"] is not None else value


def _keyed(match: re.Match[bytes]) -> str:
    # A token of a language model has its probability behind it.
    if match["marked"] is not None or _LOGPROB.match(match.string, match.end()) is not None:
        return ""
    name = name_before(match.string, match.start())
    return kind_of(name) if name and _is_assigned(name, match) else ""


def _is_assigned(name: bytes, match: re.Match[bytes]) -> bool:
    operator = match.string[max(0, match.start() - 2) : match.start()] + match["op"]
    value = match["bare"]
    if value is None:
        if match["q"] == b'"""' and b"\n" in match["gap"]:
            # The docstring of a class.
            return False
        return gives_away(name, _value_of(match), quoted=True, label=operator.strip().endswith(b":"))
    if b"==" in operator or b"!=" in operator:
        # It is compared with a variable.
        return False
    if not value.strip(_OPERATOR) or _is_no_value(name, value, operator, match):
        return False
    if not gives_away(name, value, quoted=False):
        return False
    if value.rstrip(b"):,;").replace(b"_", b"").replace(b"-", b"").isalpha():
        # A word behind a colon is prose or a type; behind = it is a value, unless it is a variable of that name.
        tight = operator.endswith(b"=") and match["op"] + match["gap"] == b""
        is_value = tight or (is_phrase(value) and b"-" in value) or is_scrambled(value)
        return is_value and len(value) > 3 and secret_name(value) is Strength.NONE
    return True


def _is_no_value(name: bytes, value: bytes, operator: bytes, match: re.Match[bytes]) -> bool:
    """Whether a bare text behind a name and a sign is syntax, a message, another name or the name of a test."""
    if name.rpartition(b".")[2] == value or (name == b"--- PASS" and value.startswith(_TESTS_OF_GO)):
        return True
    if (
        name.rpartition(b" ")[2] == b"PASS"
        and operator.endswith(b":")
        and match["gap"]
        and _TEST.match(value) is not None
    ):
        return True
    if operator.endswith(b":") and match["gap"] == b"":
        if value.startswith(b":"):
            # `Secret::new()`; what is behind both colons is matched by itself.
            return True
        before = match.string[max(0, match.start() - len(name) - _LONGEST_ARN) : match.start()]
        # `${PASSWORD:?is missing}`
        if (value.startswith(b"?") and before.endswith(b"${" + name + b":")) or (
            name == b"secret" and _ARN.search(before[: -len(name) - 1]) is not None
        ):
            return True
    next_name = _NEXT_KEY if operator.endswith(b":") else _NEXT_VARIABLE
    return b"\n" in match["gap"] and next_name.match(value) is not None


def _paired(match: re.Match[bytes]) -> str:
    if match["marked"] is not None:
        return ""
    reversed_pair = _PAIR_REVERSED.match(match.string[max(0, match.start() - _REACH) : match.start()][::-1])
    if reversed_pair is None:
        return ""
    name, value = reversed_pair[1][::-1], match["bare"]
    is_secret = gives_away(name, _value_of(match) if value is None else value, quoted=value is None)
    return kind_of(name) if is_secret else ""


def _argument(match: re.Match[bytes]) -> str:
    value = match["quoted"]
    if not looks_random(value):
        return ""
    name = name_before(match.string, match.start())
    return kind_of(name) if gives_away(name, value, quoted=True) else ""


def _compared(match: re.Match[bytes]) -> str:
    name: bytes = match["name"]
    return kind_of(name) if gives_away(name, match["secret"], quoted=True) else ""


def _drawn(match: re.Match[bytes]) -> str:
    value = match["secret"]
    # In another reading, the word it begins with is the name.
    is_call = b"." in value and match.string[match.end() : match.end() + 1] == b"("
    if is_call or _NAMED.match(value) is not None or not looks_drawn(value, uuid=True) or is_placeholder(value):
        return ""
    name = name_before(match.string, match.start())
    armour = match.string[max(0, match.start() - 8) : match.start()]
    if _PUBLIC.search(name) is not None and (b"-----" in armour or _FINGERPRINT.match(value) is not None):
        return ""
    is_named = any(secret_name(b"x_" + word) is not Strength.NONE for word in name.split())
    return kind_of(name) if is_named else ""


_WORDS = b"(?:" + either(NEAR) + b")"

NAMED_VALUES: tuple[Rule, ...] = (
    Rule("secret", rb"(?i)" + WHOLE_NAME + _ASSIGNED, Behind(_ASSIGNMENT, _keyed), _OTEL, Rank.KEYED),
    Rule("secret", rb"(?i)" + _SHORT_NAME + _ASSIGNED, Behind(_ASSIGNMENT, _keyed), _OTEL, Rank.KEYED),
    # One by one: of all together hyperscan would look for the two letters that they share.
    *(
        Rule("password", b"(?i)" + _EDGE + re.escape(word) + end, Behind(_ASSIGNMENT, _keyed), _OTEL, Rank.KEYED)
        for word in SHORTEST_NAMES
        for end in (rb":", rb"=", rb" :", rb" =", rb"\":", rb"\\\":", rb"\\\\\\\":")
    ),
    # (name, value), [name, value], name value, name(value), of calls, directives and settings.
    Rule(
        "secret",
        rb"(?i)" + WHOLE_NAME + rb"(?:\\*[\"'`])?(?:\s?,\s?|\(\s?|" + _BLANK + rb"{1,4})\\*[\"'`][^\s\"'`\\]{8}",
        Behind(
            LazyPattern(rb"(?P<q>[\"'`])(?!(?P=q))(?P<quoted>.{1,4096}?)(?=\\{0,15}(?P=q))", re.DOTALL),
            _argument,
            back=9,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    # <add key="Password" value="…"/>, {"name": "DB_PASSWORD", "value": "…"}, and the same in YAML.
    Rule(
        "secret",
        b"(?i)(?:" + either(PAIR) + rb")[\"'`\\ ,:{\n\r\tnr-]{1,30}"
        rb"value[\"'`\\]{0,4}\s?[:=]",
        Behind(LazyPattern(rb"\s{0,2}" + VALUE, re.DOTALL), _paired),
        _OTEL,
        Rank.KEYED,
    ),
    # "value" == name, the other way round.
    Rule(
        "secret",
        # Without the name: in recorded conversations, words such as token are more frequent than this.
        rb"[\"'`]\s?[!=]={1,2}\s?[\w.$]",
        Around(
            LazyPattern(
                rb"(?P<q>[\"'`])(?P<secret>[^\"'`\n]{4,512})(?P=q)\s?[!=]={1,2}\s?(?P<name>[\w.$]{0,40}"
                + WHOLE_NAME
                + rb")",
                re.IGNORECASE,
            ),
            _compared,
            reach=640,
        ),
        _OTEL,
        Rank.KEYED,
    ),
    # A word for a secret, and behind it what was clearly drawn by chance: `the key 5Fq…`, `SERVICE_TOKEN-5Fq…`. Two
    # rules, because one would match `KEY-AA=5Fq…` in two ways: automata report both and Python the first.
    *(
        Rule(
            "secret",
            rb"(?i)" + _WORDS + word + rb"(?:\\*[\"'`\])])?(?:[\s:=>,([-]|\\{1,4}[nrt]){1,6}"
            rb"(?:\\*[\"'`])?[A-Za-z0-9+_~][A-Za-z0-9+/_.~=-]{15}",
            Behind(LazyPattern(rb"(?P<secret>[A-Za-z0-9+_~][A-Za-z0-9+/_.~=-]{15,1024}(?<![.~]))"), _drawn, back=16),
            _OTEL,
            Rank.KEYED,
        )
        for word in (rb"", rb"[-_ ]{1,3}[a-z]{2,8}")
    ),
)
"""Values under names."""
