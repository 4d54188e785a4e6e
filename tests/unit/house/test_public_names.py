"""Each package says in `__all__` what it exports, no less and no more."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = ("src", "instrumentors", "exporters")
PACKAGES = {
    ".".join(init.parent.relative_to(ROOT / source).parts): init
    for source in SOURCES
    for init in sorted((ROOT / source).rglob("__init__.py"))
}


def _imported(init: Path) -> set[str]:
    """The names a package imports from packages of this tree, those for type checkers included."""
    own = {name.split(".")[0] for name in PACKAGES}
    return {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(init.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.split(".")[0] in own
        for alias in node.names
    }


def test_every_source_root_is_looked_at() -> None:
    assert {"tachograph", "tachograph_openai", "tachograph_anthropic", "tachograph_otlp"} <= set(PACKAGES)


@pytest.mark.parametrize("name", [name for name, init in PACKAGES.items() if init.read_text("utf-8").strip()])
def test_all_names_what_the_package_exports(name: str) -> None:
    package = importlib.import_module(name)
    exported: list[str] = package.__all__
    assert len(exported) == len(set(exported))
    assert [each for each in exported if not hasattr(package, each)] == []
    assert {each for each in _imported(PACKAGES[name]) if not each.startswith("_")} <= set(exported)


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_tells_what_it_is(name: str) -> None:
    assert importlib.import_module(name).__doc__
