"""What names and places around a value say about it.

A hint is empty where they say nothing; otherwise the kind of secret, behind a ``~`` where only what looks like one
goes, behind two where only what was clearly drawn by chance does; behind a ``?`` the kind of personal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tachograph.redaction.rules.tool_commands import FLAGS
from tachograph.redaction.words.looks import looks_drawn, looks_random
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_names import kind_of, secret_name
from tachograph.redaction.words.vocabulary import Strength

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCHEMA_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
SCHEMA_WORDS = frozenset(
    {
        *("type", "title", "description", "format", "pattern", "minLength", "maxLength", "items", "properties"),
        *("required", "minimum", "maximum", "enum", "const", "examples", "$ref", "in", "name", "scheme", "flows"),
        *("bearerFormat", "tokenUrl", "authorizationUrl", "refreshUrl", "scopes", "deprecated", "nullable"),
    }
)
NAME_MEMBERS = ("name", "key", "header", "Name", "Key")
VALUE_MEMBERS = ("value", "val", "Value", "default")
"""Members that hold a name, and those that hold the value under it."""
KEY_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
"""The private members of a JSON Web Key."""
SECRET_MEMBERS = frozenset({"data", "stringData"})
"""The members of a Secret of Kubernetes that hold it."""
PERSONAL_NAMES = {
    "phone": "phone", "phonenumber": "phone", "mobile": "phone", "mobilenumber": "phone", "fax": "phone",
    "ssn": "ssn", "socialsecuritynumber": "ssn", "cardnumber": "card", "creditcard": "card", "pan": "card",
}  # fmt: skip
"""Kinds of personal data by the names they stand under, as `plain_name` gives them."""
LEAST_DIGITS = 7
LONGEST_PERSONAL = 24
_COMMANDS = {
    "curl": ("-u", "--user", "-U", "--proxy-user", "-b", "--cookie", "--pass"),
    "wget": ("--password", "--http-password"),
    "sshpass": ("-p",),
    "redis-cli": ("-a", "--pass"),
    "docker": ("-p",),
    "podman": ("-p",),
    **FLAGS,
}
"""Programs, and those of their flags that a secret stands behind."""
_MYSQL = ("mysql", "mariadb", "mysqldump", "mysqladmin")

NOTHING = ""
"""The hint that says nothing."""


def is_schema(members: dict[str, object]) -> bool:
    """Whether members are those of a JSON Schema, which describes values and holds none."""
    kind = members.get("type")
    if type(kind) is list:
        return all(type(item) is str and item in _SCHEMA_TYPES for item in cast("list[object]", kind))
    return (type(kind) is str and kind in _SCHEMA_TYPES) or "anyOf" in members or "$ref" in members


def hint_of_name(name: str, members: dict[str, object]) -> str:
    """What the name of a member says, beside all of the members."""
    if name == "token" and "logprob" in members:
        return NOTHING
    return hint_of(name.encode())


def hint_of(name: bytes, most: Strength = Strength.STRONG) -> str:
    """What a name says, and no more than a strength."""
    strength = min(secret_name(name), most)
    if strength is Strength.NONE:
        return NOTHING
    return {Strength.FAINT: "~~", Strength.WEAK: "~"}.get(strength, "") + kind_of(name)


def stronger(above: str, own: str) -> str:
    """Of what the names above a value and its own say, what takes more of it."""
    if above == NOTHING or own == NOTHING:
        return above or own
    return min(above, own, key=lambda kind: len(kind) - len(kind.lstrip("~")))


def _program(held: Sequence[object]) -> str:
    first = held[0] if held else None
    return first.replace("\\", "/").rpartition("/")[2] if type(first) is str else ""


def hint_behind_flag(held: Sequence[object]) -> str:
    """The kind of what stands behind the last argument of a command line, where that is a flag of its program's."""
    return "secret" if held[-1] in _COMMANDS.get(_program(held), ()) else NOTHING


def hint_attached(held: Sequence[object], item: object) -> str:
    """The kind of an argument that is flag and secret in one."""
    if type(item) is str and item.startswith("-p") and len(item) > 2 and _program(held) in _MYSQL:
        return "password"
    return NOTHING


def fits(value: bytes, under: str) -> bool:
    """Whether a value is what the hint for it, of the two that are not certain or one that is, says."""
    if under.startswith("~~"):
        return looks_drawn(value)
    return looks_random(value) if under.startswith("~") else not is_placeholder(value, quoted=True)


def hint_of_flag(item: object) -> str:
    """What an argument says of the one behind it."""
    if type(item) is str and item.startswith("--") and "=" not in item and len(item) <= 60:
        return hint_of(item.encode())
    return NOTHING
