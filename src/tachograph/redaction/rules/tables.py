"""Secrets in columns: tables of Markdown, CSV with a row of names, and what SQL inserts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.rule_types import Below, Rank, Rule
from tachograph.redaction.rules.named_values import gives_away
from tachograph.redaction.words.expressions import either, keys_of
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.secret_words import TABLE, Strength

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Cell, Finder

_PLAIN = b"(?:" + either(TABLE) + b"|(?:" + keys_of(TABLE) + b")[_ -]?key)s?"
_WORD = rb"(?:[a-z0-9]{1,24}[_ -])?" + _PLAIN
_LONGEST_HEAD = 1024
_LONGEST_ROW = 8192
_MOST_ODD = 1
_BEFORE = re.compile(rb"\A[^\n]*\":\s?\"")
_AROUND_CELL = b" \t\r\"'`*[]"
# A row of names: words, and the signs between them.
_HEAD = re.compile(rb"(?=[\w\"|])[\w .|;\t\"*`/-]{1,256}(?:,[\w .|;\t\"*`/-]{1,256})*\Z")
_LINE = re.compile(rb"[\s|:+-]+\Z")
_NAMES = re.compile(rb"\((?P<names>[^()]{1,1024})\)\s{0,8}values\s{0,8}\Z", re.IGNORECASE)
# Strings with quotes in them doubled or behind a backslash, and what is none.
_STRING = rb"(?:[^'\\]++|''|\\.)*+"
_TUPLE = re.compile(
    rb"\s*+,?\s*+\((?P<row>(?:[^()']++|'" + _STRING + rb"'|\((?:[^()]|\([^()]*+\))*+\))++)\)", re.DOTALL
)
_FIELD = re.compile(rb"'(?P<string>" + _STRING + rb")'|(?P<comma>,)|\((?:[^()]|\([^()]*+\))*+\)|[^',()]++", re.DOTALL)


def _kinds(names: list[bytes]) -> dict[int, tuple[bytes, str]]:
    """The columns with a secret, and their names."""
    plain = [name.strip(_AROUND_CELL) for name in names]
    return {at: (name, kind_of(name)) for at, name in enumerate(plain) if secret_name(name) is not Strength.NONE}


def _cells(line: bytes, sign: bytes) -> list[bytes]:
    """The cells of a row: what is between its separators, except those in quotes or behind a backslash."""
    cells: list[bytes] = []
    cell = b""
    for part in line.split(sign):
        cell += part
        if cell.count(b'"') % 2 if sign == b"," else cell.endswith(b"\\"):
            cell += sign
        else:
            cells.append(cell)
            cell = b""
    return [*cells, cell] if cell else cells


def _rows(text: bytes, place: int, sign: bytes) -> tuple[list[Cell], int]:
    """The secrets in the rows below the head at a place, as long as they have as many cells."""
    secrets: list[Cell] = []
    edge = text.rfind(b"\n", max(0, place - _LONGEST_HEAD), place - 1)
    end = text.find(b"\n", place - 1, place + _LONGEST_HEAD)
    if end < 0 or (edge < 0 and place > _LONGEST_HEAD):
        return secrets, place
    # In JSON it may begin behind a quote.
    head = _BEFORE.sub(b"", text[edge + 1 : end])
    head = head.strip(b" \r") if sign == b"|" else head.rstrip(b"\r")
    if sign not in head or _HEAD.match(head) is None:
        return secrets, place
    names = _cells(head, sign)
    kinds = _kinds(names)
    ruled, odd = sign == b"|", 0
    while kinds and 0 <= end < len(text) - 1:
        begin, end = end + 1, text.find(b"\n", end + 1)
        line = text[begin : end if end >= 0 else len(text)]
        if _LINE.match(line) is not None:
            ruled = False
            continue
        cells = _cells(line, sign)
        if sign == b"|" and len(cells) != len(names):
            # Separators at the edges may be missing in either.
            cells = _cells(line.strip(b" \r"), sign)
        if ruled or len(cells) != len(names):
            odd += 1
            if ruled or sign not in line or odd > _MOST_ODD:
                return secrets, begin
            continue
        odd = 0
        at = begin
        for number, cell in enumerate(cells):
            value = cell.strip(_AROUND_CELL)
            if number in kinds and value and gives_away(kinds[number][0], value, quoted=True, label=True):
                start = text.find(value, at)
                secrets.append((start, start + len(value), kinds[number][1]))
            at += len(cell) + len(sign)
    return secrets, len(text) if end < 0 else end


def _of_markdown(text: bytes, place: int) -> tuple[list[Cell], int]:
    return _rows(text, place, b"|")


def _of_csv(text: bytes, place: int) -> tuple[list[Cell], int]:
    return _rows(text, place, b",")


def _of_insert(text: bytes, place: int) -> tuple[list[Cell], int]:
    """The secrets among the strings of the rows that a statement inserts."""
    secrets: list[Cell] = []
    place -= 1
    names = _NAMES.search(text, max(0, place - _LONGEST_HEAD), place)
    kinds = _kinds(names["names"].split(b",")) if names is not None else {}
    row = _TUPLE.match(text, place, place + _LONGEST_ROW) if kinds else None
    while row is not None:
        number = 0
        for field in _FIELD.finditer(text, *row.span("row")):
            number += field["comma"] is not None
            value = field["string"]
            if value and number in kinds and gives_away(kinds[number][0], value, quoted=True):
                secrets.append((*field.span("string"), kinds[number][1]))
        place = row.end()
        row = _TUPLE.match(text, place, place + _LONGEST_ROW)
    return secrets, place


def _columns(trigger: bytes, finder: Finder, source: str) -> Rule:
    return Rule("secret", trigger, Below(finder), source, Rank.KEYED)


TABLES: tuple[Rule, ...] = (
    # In between, first and last: not all have signs at their edges.
    *(
        _columns(trigger, _of_markdown, "https://github.github.com/gfm/#tables-extension-")
        for trigger in (
            rb"(?i)\|[ \t*`]{0,40}" + _WORD + rb"[ \t*`]{0,40}\|",
            rb"(?i)\|[ \t*`]{0,40}" + _WORD + rb"[ \t*`]{0,40}(?:[\r\n]|\\[rn])",
            # Two triggers, and nothing optional behind an escape: hyperscan 0.9.1 misses some matches.
            rb"(?i)(?:^|[\r\n])[ \t*`]{0,40}" + _WORD + rb"[ \t*`]{0,40}\|",
            rb"(?i)\\n" + _PLAIN + rb"[ \t*`]{0,40}\|",
        )
    ),
    *(
        _columns(edge + rb"\\{0,15}\"?(?:[,\r\n]|\\[rn])", _of_csv, "https://www.rfc-editor.org/rfc/rfc4180")
        for edge in (rb"(?i)(?:^|[\n,\"])" + _WORD, rb"(?i)\\n" + _PLAIN)
    ),
    # Two triggers, because hyperscan 0.9.1 misses some matches of one for both.
    *(
        _columns(trigger, _of_insert, "https://www.postgresql.org/docs/current/sql-insert.html")
        for trigger in (rb"(?i)\)\s{0,8}values\s{0,8}\(", rb"(?i)\)\\n *values(?:\\n)? *\(")
    ),
)
"""Columns of tables, CSV and inserted rows."""
