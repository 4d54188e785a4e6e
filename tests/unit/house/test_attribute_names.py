"""A name of the conventions is spelled in one place, and what is declared is used."""

from __future__ import annotations

import ast
from pathlib import Path

from tachograph.semconv import REGISTRY, aliases, genai, general, tacho

ROOT = Path(__file__).parents[3]
SEMCONV = ROOT / "src" / "tachograph" / "semconv"
FILES = sorted(path for source in ("src", "exporters", "instrumentors") for path in (ROOT / source).rglob("*.py"))

NUMBERS_OF_OTHERS = {"PROCESS_PARENT_PID", "THREAD_ID"}
"""Numbers that other tools write: they are declared so that the redactor does not take them for card numbers."""


def _names() -> set[str]:
    """All keys that are declared, and names under which the attributes of other tools are read."""
    metrics = {value for name, value in vars(genai).items() if name.startswith("METRIC_")}
    others = {name for names in aliases.ALIASES.values() for name in names}
    return {*REGISTRY, *metrics, *others, *aliases.OPERATIONS, *aliases.USAGE}


def _spelled(path: Path, names: set[str]) -> list[str]:
    """Where a file spells one of the names."""
    return [
        f"{path.name}:{node.lineno}: {node.value!r}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and (node.value.decode("utf-8", "replace") if isinstance(node.value, bytes) else node.value) in names
    ]


def _used(path: Path) -> set[str]:
    """The names of constants that a file uses."""
    return {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}


def test_no_other_file_spells_a_name() -> None:
    names = _names()
    assert [hit for path in FILES if SEMCONV not in path.parents for hit in _spelled(path, names)] == []


def test_a_name_that_is_spelled_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "stray.py"
    path.write_text('A = {"process.pid": 1}\nB = b"gen_ai.system"\nC = "process.pids"\n')
    assert sorted(_spelled(path, _names())) == ["stray.py:1: 'process.pid'", "stray.py:2: b'gen_ai.system'"]


def test_each_declared_attribute_is_written_or_read() -> None:
    used = {name for path in FILES for name in _used(path)}
    declared = {
        name
        for module in (genai, general, tacho)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and (value in REGISTRY or name.startswith("METRIC_"))
    }
    assert len(declared) > 60
    assert declared - used == NUMBERS_OF_OTHERS
    numbers = {value for name, value in vars(general).items() if name in NUMBERS_OF_OTHERS}
    assert {REGISTRY[name].kind for name in numbers} == {"int"}
