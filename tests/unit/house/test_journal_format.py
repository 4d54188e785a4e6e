"""The format of the journal has one home: nobody else frames its lines or tells their types by bytes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOME = ROOT / "src" / "tachograph" / "journal"
MODULES = [
    path
    for folder in ("src", "instrumentors", "exporters")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if HOME not in path.parents
]
# A member in the middle of a line, as `,"name":` or `"type":"span.end"`.
_MEMBER = re.compile(r',"\w+":|"type"\s*:|"\w+":\{')


def framed(source: str) -> list[str]:
    """Texts of a module that look like parts of a line of JSON."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    texts = (node.value.decode() if isinstance(node.value, bytes) else node.value for node in nodes)
    return [text for text in texts if isinstance(text, str) and _MEMBER.search(text)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_of_the_journal_is_framed_elsewhere(path: Path) -> None:
    # Redaction reads texts of the program that hold JSON, the demonstration's provider speaks it.
    if {"redaction", "demo"} & set(path.relative_to(ROOT).parts):
        return
    assert framed(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        """line = f',"name":"{name}"'""",
        """is_end = line.startswith(b'{"type":"span.end"')""",
        """dropped = f'"dropped":{{{counts}}}'""",
    ],
)
def test_framing_is_seen(source: str) -> None:
    assert framed(source) != []
