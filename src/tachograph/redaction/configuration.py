"""Reads the table ``[redaction]`` of a configuration file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tachograph.errors import RedactionError
from tachograph.redaction.custom_rules import CustomRule, named, plain_name
from tachograph.redaction.policy import ON_REQUEST, PERSONAL_KINDS, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

_KIND = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})\Z")
_HEADER = re.compile(r"\s*(\[{1,2})([^\[\]]+)\]{1,2}")
_KNOWN = ("personal", "rules", "keys", "allow")
_RULE_KEYS = ("name", "pattern")


def policy_of(table: Mapping[str, Any], source: str | None = None) -> Policy:
    """The policy that the table ``[redaction]`` of a configuration describes.

    Parameters
    ----------
    table
        The table: ``personal``, ``rules``, ``keys`` and ``allow``.
    source
        The path of the file, for messages.

    Raises
    ------
    RedactionError
        When a value is of the wrong type, a kind is unknown, or a pattern does not compile or could take a time that
        doubles with each character.
    """
    reader = _Reader(source)
    for key in table:
        if key not in _KNOWN:
            raise reader.error(key, f"is not a setting. Known are: {', '.join(_KNOWN)}.")
    names = frozenset(plain_name(name) for name in reader.texts(table, "keys", "names such as x-internal-auth"))
    if "" in names:
        raise reader.error("keys", "may not hold an empty name.")
    by_name = named(names)
    return Policy(
        personal=_personal(reader, table),
        allowed=_allowed(reader, table),
        rules=(*_rules(reader, table), *(() if by_name is None else (by_name,))),
        names=names,
    )


def _personal(reader: _Reader, table: Mapping[str, Any]) -> frozenset[str]:
    on = set(PERSONAL_KINDS - ON_REQUEST)
    for kind, wanted in reader.table(table, "personal").items():
        if kind not in PERSONAL_KINDS:
            known = ", ".join(sorted(PERSONAL_KINDS))
            raise reader.error(f"personal.{kind}", f"is no kind of personal data. Known are: {known}.")
        if not isinstance(wanted, bool):
            raise reader.error(f"personal.{kind}", f"must be true or false, not {wanted!r}.")
        (on.add if wanted else on.discard)(kind)
    return frozenset(on)


def _allowed(reader: _Reader, table: Mapping[str, Any]) -> frozenset[bytes]:
    wanted = "SHA-256 digests such as sha256:9f86…, of values and not the values themselves"
    digests: set[bytes] = set()
    for text in reader.texts(table, "allow", wanted):
        match = _DIGEST.match(text)
        if match is None:
            # It may be the value itself, so the message does not show it.
            raise reader.error("allow", f"must be a list of {wanted}: printf %s VALUE | sha256sum.")
        digests.add(bytes.fromhex(match[1]))
    return frozenset(digests)


def _rules(reader: _Reader, table: Mapping[str, Any]) -> tuple[CustomRule, ...]:
    rules = table.get("rules", [])
    if not isinstance(rules, list):
        raise reader.error("rules", "must be tables: [[redaction.rules]] with a name and a pattern.")
    return tuple(_rule(reader, rule, number) for number, rule in enumerate(cast("list[Any]", rules)))


def _rule(reader: _Reader, rule: Any, number: int) -> CustomRule:
    where = f"rules[{number}]"
    if not isinstance(rule, dict):
        raise reader.error(where, "must be a table with a name and a pattern.")
    entry = cast("dict[str, Any]", rule)
    for key in entry:
        if key not in _RULE_KEYS:
            raise reader.error(f"{where}.{key}", f"is not a setting. Known are: {', '.join(_RULE_KEYS)}.")
    for key in _RULE_KEYS:
        if not isinstance(entry.get(key), str):
            raise reader.error(f"{where}.{key}", "is missing or no text.")
    kind, pattern = str(entry["name"]), str(entry["pattern"])
    if _KIND.match(kind) is None or kind == "error":
        raise reader.error(f"{where}.name", "must be small letters, digits and hyphens, such as employee-id.")
    return CustomRule(kind, _compiled(reader, f"{where}.pattern", pattern))


def _compiled(reader: _Reader, where: str, pattern: str) -> re.Pattern[str]:
    from tachograph.redaction.scan.ambiguity import UnsupportedError, exponential

    try:
        compiled = re.compile(pattern)
        slow = exponential(pattern)
    except re.error as error:
        raise reader.error(where, f"is not a regular expression: {error}.") from error
    except UnsupportedError as error:
        raise reader.error(where, f"cannot be used: {error}.") from error
    except RecursionError as error:
        raise reader.error(where, "is nested too deeply.") from error
    if slow:
        raise reader.error(
            where,
            "could take a time that doubles with each character of a text. Write it so that a loop within a loop, as "
            "in (a+)+, can read no text in two ways.",
        )
    if compiled.match("") is not None:
        raise reader.error(where, "matches the empty text, so it would match everywhere.")
    return compiled


class _Reader:
    """Reads settings, with errors that name the file and the line of the setting."""

    def __init__(self, source: str | None) -> None:
        self._source = source

    def table(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"must be a table: [redaction.{key}].")
        return cast("dict[str, Any]", value)

    def texts(self, table: Mapping[str, Any], key: str, wanted: str) -> list[str]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[Any]", value)):
            raise self.error(key, f"must be a list of {wanted}.")
        return cast("list[str]", value)

    def error(self, path: str, message: str) -> RedactionError:
        line = self._line(path)
        file = "" if self._source is None else f"{self._source}{'' if line is None else f', line {line}'}: "
        return RedactionError(f"{file}redaction.{path} {message}")

    def _line(self, path: str) -> int | None:
        """The line of a setting, found by the headers of tables above it; None if it is written in another way."""
        if self._source is None:
            return None
        try:
            lines = Path(self._source).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
        head, _, last = path.rpartition(".")
        place = re.fullmatch(r"(\w+)\[(\d+)\]", head or path)
        wanted = ".".join(("redaction", *([place[1]] if place else [head] if head else [])))
        counted = int(place[2]) if place else 0
        at_table, seen = "", -1
        for number, line in enumerate(lines, 1):
            header = _HEADER.match(line)
            if header is not None:
                at_table = header[2].replace(" ", "").removeprefix("tool.tachograph.")
                seen += at_table == wanted
                if place and not head and at_table == wanted and seen == counted:
                    return number
            elif at_table == wanted and (place is None or seen == counted):
                key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
                if key is not None and key[1] == last:
                    return number
        if place and head:
            # The table that lacks it.
            return self._line(head)
        return None
