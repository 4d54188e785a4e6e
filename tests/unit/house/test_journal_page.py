"""docs/journal.md shows lines that were really recorded, and names all that can stand in one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from tachograph.journal.builder import RecordType
from tachograph.journal.records import Record

PAGE = (Path(__file__).parents[3] / "docs" / "journal.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
LINES: list[dict[str, Any]] = [
    json.loads(line) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]
SECTION_OF = {"span.start": "span.start and span.end", "span.end": "span.start and span.end"}


def test_every_type_of_record_is_shown() -> None:
    assert {line["type"] for line in LINES} == set(get_args(RecordType))
    (row,) = re.findall(r"^\| `type` \|.*$", SECTIONS["Every record"], re.MULTILINE)
    assert set(re.findall(r"`([a-z.]+)`", row)) == {"type", *get_args(RecordType)}
    assert {(line["type"], line["state"]) for line in LINES if "state" in line} == {
        ("run", "start"),
        ("run", "facts"),
        ("run", "outcome"),
        ("run", "end"),
        ("process", "start"),
        ("process", "child"),
        ("process", "end"),
    }


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["type"])
def test_every_member_of_the_lines_is_in_the_table(line: dict[str, Any]) -> None:
    told = SECTIONS["Every record"] + SECTIONS[SECTION_OF.get(line["type"], line["type"])]
    assert [name for name in line if f"`{name}`" not in told] == []


def test_every_member_that_is_read_is_told() -> None:
    assert [name for kind in get_args(Record) for name in get_type_hints(kind) if f"`{name}`" not in PAGE] == []
