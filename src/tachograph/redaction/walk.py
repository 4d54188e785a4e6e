"""Redacts a value leaf by leaf."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from tachograph.redaction import marker, plain_values
from tachograph.redaction.custom_rules import plain_name
from tachograph.redaction.words.looks import count_of_digits
from tachograph.redaction.words.member_names import (
    KEY_MEMBERS,
    LEAST_DIGITS,
    LONGEST_PERSONAL,
    NAME_MEMBERS,
    PERSONAL_NAMES,
    SCHEMA_WORDS,
    SECRET_MEMBERS,
    VALUE_MEMBERS,
    Certainty,
    Hint,
    fits,
    hint_attached,
    hint_behind_flag,
    hint_of,
    hint_of_flag,
    hint_of_name,
    is_schema,
    stronger,
)
from tachograph.redaction.words.name_strength import is_header_name, kind_of, secret_name
from tachograph.redaction.words.placeholder import is_template
from tachograph.redaction.words.secret_words import Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tachograph.redaction.policy import Policy
    from tachograph.redaction.text import TextRedactor

_DEEPEST = 40
_MOST_VALUES = 500_000
_SHORT = 64
_MOST_CLEAN = 4096
_SHORTEST_CARD = 10**12
_SECRET = Hint("secret")
_JSON_WEB_KEY = Hint("json-web-key")
_KUBERNETES_SECRET = Hint("kubernetes-secret")
_SCHEME = re.compile(rb"((?:basic|bearer|token|digest|negotiate|apikey|bot)\s+)(?=\S)", re.IGNORECASE)


class Walk:
    """One pass over one value.

    Parameters
    ----------
    redact
        Redacts texts.
    key
        The key of the tags.
    exempt
        Names whose numbers are never redacted.
    policy
        Has the user's own names.
    tally
        Counts by kind; added to.
    limit
        Most characters that a text keeps.
    clean
        Short texts that are known to be clean; added to. None if the whole value is known to be clean: then texts are
        only cut to the limit.
    """

    def __init__(
        self,
        redact: TextRedactor,
        key: bytes,
        exempt: frozenset[str],
        policy: Policy,
        tally: dict[str, int],
        limit: int,
        clean: set[bytes] | None,
    ) -> None:
        self._redact = redact
        self._key = key
        self._tally = tally
        self._limit = limit
        self._exempt = exempt
        self._policy = policy
        self._clean = clean
        self._above: set[int] = set()
        self._count = 0

    def value(self, value: object, under: Hint | None = None) -> Any:
        """A plain and redacted copy of a value.

        Parameters
        ----------
        value
            Anything.
        under
            What the names above it say; None if they say nothing.
        """
        self._count += 1
        if self._count > _MOST_VALUES:
            return "<too many values>"
        base = plain_values.base_of(value)
        if base is str:
            return self._leaf(plain_values.characters(cast("str", value)), under)
        if base is bool or base is type(None):
            return value
        if base is int or base is float:
            return self._number(cast("float", value), base, under)
        if base in {bytes, bytearray, memoryview}:
            return self._leaf(plain_values.octets(cast("bytes", value)), under)
        if base is None:
            return self._other(value, under)
        return self._container(value, base, under)

    def _other(self, value: object, under: Hint | None) -> Any:
        member = plain_values.enum_value(value)
        if member is not None:
            return self.value(member[0], under)
        text = plain_values.text_of(value)
        return plain_values.name_of(value) if text is None else self._leaf(text.encode("utf-8", "replace"), under)

    def _container(self, value: object, base: type, under: Hint | None) -> Any:
        if id(value) in self._above:
            return "<cycle>"
        if len(self._above) >= _DEEPEST:
            return "<too deep>"
        self._above.add(id(value))
        try:
            if base is dict:
                return self._mapping(_copy_of(value), under)
            items = _items_of(value, base)
            return self._row(items, under)
        finally:
            self._above.discard(id(value))

    def _mapping(self, members: dict[object, object], under: Hint | None) -> dict[str, Any]:
        # Names are judged in their serialised form, whatever their Python type.
        items = {self._name(name): item for name, item in members.items()}
        schema = under is not None and is_schema(items)
        sealed: dict[str, Any] = dict.fromkeys(items)
        names = [name for name in NAME_MEMBERS if name in items] if len(items) <= 8 else []
        for name in [*names, *(name for name in items if name not in names)]:
            if (schema and name in SCHEMA_WORDS) or name in self._exempt:
                inner = None
            else:
                inner = stronger(under, self._member_hint(name, items, [sealed[n] for n in names]))
            sealed[name] = self.value(items[name], inner)
        return sealed

    def _member_hint(self, name: str, members: dict[str, object], names: Sequence[object]) -> Hint | None:
        if name in VALUE_MEMBERS and (pair := self._pair_hint(names)):
            return pair
        if name in KEY_MEMBERS and "kty" in members:
            return _JSON_WEB_KEY
        if name in SECRET_MEMBERS and members.get("kind") == "Secret":
            return _KUBERNETES_SECRET
        if name in VALUE_MEMBERS and members.get("sensitive") is True:
            return _SECRET
        return self._hint_of_name(name, members)

    def _hint_of_name(self, name: str, members: dict[str, object]) -> Hint | None:
        if self._policy.names_a_secret(name):
            return _SECRET
        kind = PERSONAL_NAMES.get(plain_name(name)) if len(name) <= LONGEST_PERSONAL else None
        if kind is not None and kind in self._policy.personal:
            return Hint(kind, Certainty.PERSONAL)
        return hint_of_name(name, members)

    def _name(self, name: object) -> str:
        base = plain_values.base_of(name)
        if base is str:
            # A plain word is a name of the program or of a convention, and a custom rule might match a part of it.
            return self._text(plain_values.characters(cast("str", name)), custom_rules=not _is_word(cast("str", name)))
        if base in {bytes, bytearray}:
            return self._text(plain_values.octets(cast("bytes", name)))
        if base is bool or base is type(None):
            return {True: "true", False: "false", None: "null"}[cast("bool | None", name)]
        if base is int:
            return self._text(str(plain_values.integer(cast("int", name))).encode())
        if base is float:
            return repr(float.__float__(cast("float", name)))
        return plain_values.name_of(name)

    def _row(self, items: Sequence[object], under: Hint | None) -> list[Any]:
        sealed: list[Any] = []
        inner = under
        for item in items:
            sealed.append(self.value(item, inner or hint_attached(sealed, item)))
            if under is None:
                # Of two words in a row, the second is as often another name.
                pair = self._pair_hint(sealed, Strength.WEAK) if len(items) == 2 else None
                inner = self._flag_hint(sealed[-1]) or hint_behind_flag(sealed) or pair
        return sealed

    def _flag_hint(self, item: object) -> Hint | None:
        if type(item) is str and item.startswith("--") and self._policy.names_a_secret(item[2:]):
            return _SECRET
        return hint_of_flag(item)

    def _pair_hint(self, names: Sequence[object], most: Strength = Strength.STRONG) -> Hint | None:
        for name in names:
            if type(name) is str and len(name) <= 80:
                encoded = name.encode()
                if is_header_name(encoded):
                    return Hint(kind_of(encoded))
                if self._policy.names_a_secret(name):
                    return _SECRET
                if secret_name(encoded) is not Strength.NONE:
                    return hint_of(encoded, most)
        return None

    def _number(self, value: float, base: type, under: Hint | None) -> Any:
        number = plain_values.integer(cast("int", value)) if base is int else plain_values.number(value)
        if under is not None and number is not None:
            if under.certainty is Certainty.PERSONAL and type(number) is int:
                text = self._personal(str(number).encode(), under.kind)
                return number if text == str(number) else text
            if under.certainty is Certainty.CERTAIN:
                return self._mark(under.kind, str(number).encode())
        if type(number) is str:
            return self._leaf(number.encode(), under)
        if type(number) is int and number >= _SHORTEST_CARD:
            text = str(number)
            sealed = self._text(text.encode())
            return number if sealed == text else sealed
        return number

    def _leaf(self, text: bytes, under: Hint | None) -> str:
        if under is None:
            return self._text(text)
        try:
            return self._named(text, under)
        except Exception:
            return self._failed()

    def _named(self, text: bytes, under: Hint) -> str:
        if under.certainty is Certainty.PERSONAL:
            return self._personal(text, under.kind)
        stripped = text.strip()
        if is_template(stripped) or not fits(stripped, under):
            return self._text(text)
        tally: dict[str, int] = {}
        sealed = self._redact(text, tally)
        scheme = _SCHEME.match(sealed)
        head = scheme[0] if scheme is not None else b""
        if marker.WHOLE.fullmatch(sealed[len(head) :].strip()) is not None or is_template(sealed[len(head) :]):
            self._add(tally)
            return sealed.decode("utf-8", "replace")
        head = head if text.startswith(head) else b""
        return head.decode() + self._mark(under.kind, text[len(head) :])

    def _personal(self, text: bytes, kind: str) -> str:
        digits = count_of_digits(text)
        letters = sum(c > 64 for c in text)
        if digits < LEAST_DIGITS or letters > 1:
            return self._text(text)
        self._add({kind: 1})
        return marker.marker(kind, text, None).decode()

    def _mark(self, kind: str, secret: bytes) -> str:
        self._add({kind: 1})
        return marker.marker(kind, secret, None if kind in marker.UNTAGGED else self._key).decode()

    def _add(self, tally: dict[str, int]) -> None:
        for kind, count in tally.items():
            self._tally[kind] = self._tally.get(kind, 0) + count

    def _text(self, text: bytes, *, custom_rules: bool = True) -> str:
        clean = self._clean
        if clean is not None and text in clean:
            return text.decode("utf-8", "replace")
        try:
            body = text if clean is None else self._redact(text, self._tally, custom_rules=custom_rules)
            if body is text and clean is not None and len(text) <= _SHORT:
                if len(clean) >= _MOST_CLEAN:
                    clean.clear()
                clean.add(text)
            sealed = body.decode("utf-8", "replace")
            if len(sealed) > self._limit:
                # After the cut, the end may look like a secret or no longer like one.
                cut = _cut(sealed, self._limit)
                sealed = self._redact(cut.encode(), self._tally, custom_rules=custom_rules).decode("utf-8", "replace")
        except Exception:
            return self._failed()
        return sealed

    def _failed(self) -> str:
        self._add({"error": 1})
        return marker.ERROR


# Methods of the base types, so that nothing is called that a subclass overrides.
_members_of: Callable[[Any], Iterable[tuple[object, object]]] = vars(dict)["items"]
_slice_of: Callable[[Any, slice], list[object]] = vars(list)["__getitem__"]
_ITERATORS: dict[type, Callable[[Any], Iterator[object]]] = {
    kind: vars(kind)["__iter__"] for kind in (tuple, set, frozenset)
}


def _copy_of(value: object) -> dict[object, object]:
    if type(value) is dict:
        # In one step, so that another thread can change it.
        return cast("dict[object, object]", value).copy()
    return dict(list(_members_of(value)))


def _items_of(value: object, base: type) -> list[object]:
    return _slice_of(value, slice(None)) if base is list else list(_ITERATORS[base](value))


def _cut(text: str, limit: int) -> str:
    kept = text[:limit]
    begin = kept.rfind("[REDACTED:", max(0, limit - 60))
    return kept if begin < 0 or "]" in kept[begin:] else kept[:begin]


def _is_word(name: str) -> bool:
    return str.replace(str.replace(name, ".", ""), "_", "").isalpha()
