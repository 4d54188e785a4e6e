"""What the names and places around a value of a structure say about it: hints for the walk."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, cast

from tachograph.redaction.words.command_flags import FLAGS, MYSQL
from tachograph.redaction.words.looks import looks_drawn, looks_random
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_words import Strength

if TYPE_CHECKING:
    from collections.abc import Sequence


class Certainty(IntEnum):
    """How much of the values under a hint is redacted."""

    PERSONAL = 0
    """Numbers of people: what has enough digits."""
    DRAWN = 1
    """What was clearly drawn by chance."""
    RANDOM = 2
    """What looks like a secret."""
    CERTAIN = 3
    """All that is no placeholder."""


class Hint(NamedTuple):
    """What a value probably is.

    Parameters
    ----------
    kind
        The kind of secret or of personal data.
    certainty
        How much of the values is redacted.
    """

    kind: str
    certainty: Certainty = Certainty.CERTAIN


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
"""Kinds of personal data by the names of members, as `plain_name` gives them."""
LEAST_DIGITS = 7
"""Fewest digits of a number of a person."""
LONGEST_PERSONAL = 24
"""Most characters of a name of personal data."""
_BY_STRENGTH = {Strength.FAINT: Certainty.DRAWN, Strength.WEAK: Certainty.RANDOM}
_SECRET = Hint("secret")
_PASSWORD = Hint("password")


def is_schema(members: dict[str, object]) -> bool:
    """Whether members are those of a JSON Schema, which describes values and holds none."""
    kind = members.get("type")
    if type(kind) is list:
        return all(type(item) is str and item in _SCHEMA_TYPES for item in cast("list[object]", kind))
    return (type(kind) is str and kind in _SCHEMA_TYPES) or "anyOf" in members or "$ref" in members


def hint_of_name(name: str, members: dict[str, object]) -> Hint | None:
    """What the name of a member says, given all of the members; None if it says nothing."""
    if name == "token" and "logprob" in members:
        return None
    return hint_of(name.encode())


def hint_of(name: bytes, most: Strength = Strength.STRONG) -> Hint | None:
    """What a name says, and no more than a strength; None if it says nothing."""
    strength = min(secret_name(name), most)
    if strength is Strength.NONE:
        return None
    return Hint(kind_of(name), _BY_STRENGTH.get(strength, Certainty.CERTAIN))


def stronger(above: Hint | None, inner: Hint | None) -> Hint | None:
    """The stronger of two hints: that of the names above a value and that of its name."""
    if above is None or inner is None:
        return above or inner
    return inner if _rank(inner) > _rank(above) else above


def _rank(hint: Hint) -> Certainty:
    # A number of a person is one wherever it is.
    return hint.certainty if hint.certainty is not Certainty.PERSONAL else Certainty.CERTAIN


def _program(items: Sequence[object]) -> str:
    first = items[0] if items else None
    return first.replace("\\", "/").rpartition("/")[2] if type(first) is str else ""


def hint_behind_flag(items: Sequence[object]) -> Hint | None:
    """What the last argument of a command line says about the next one, if it is a flag of that program."""
    return _SECRET if items[-1] in FLAGS.get(_program(items), ()) else None


def hint_attached(items: Sequence[object], item: object) -> Hint | None:
    """What an argument is that is flag and secret in one."""
    if type(item) is str and item.startswith("-p") and len(item) > 2 and _program(items) in MYSQL:
        return _PASSWORD
    return None


def fits(value: bytes, hint: Hint) -> bool:
    """Whether a value is redacted under a hint of a secret."""
    match hint.certainty:
        case Certainty.DRAWN:
            return looks_drawn(value)
        case Certainty.RANDOM:
            return looks_random(value)
        case _:
            return not is_placeholder(value, quoted=True)


def hint_of_flag(item: object) -> Hint | None:
    """What an argument says about the one behind it."""
    if type(item) is str and item.startswith("--") and "=" not in item and len(item) <= 60:
        return hint_of(item.encode())
    return None
