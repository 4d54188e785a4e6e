"""No module and no function is larger than a reader keeps in mind; a docstring does not count to its function."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = ("src", "instrumentors", "exporters", "docs", "benchmarks", "tests")
LONGEST_MODULE, LONGEST_FUNCTION = 500, 80


def test_modules_and_functions_are_within_their_ceilings() -> None:
    long: list[str] = []
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        source = path.read_text("utf-8")
        name = path.relative_to(ROOT)
        if source.count("\n") > LONGEST_MODULE:
            long.append(f"{name}: {source.count(chr(10))} lines, split it")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                lines = node.end_lineno - node.lineno + 1 - (ast.get_docstring(node, clean=False) or "").count("\n")
                # A test may hold a whole value that it expects.
                if lines > LONGEST_FUNCTION and name.parts[0] != "tests":
                    long.append(f"{name}: {node.name} has {lines} lines, split it")
    assert long == []
