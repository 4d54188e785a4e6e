"""The rows of vendors' tokens: where a reader finds them, and what a row must not say."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

from tachograph.redaction import shapes
from tachograph.redaction.catalogue import RULES

MODULES = sorted(module.name for module in pkgutil.iter_modules(shapes.__path__) if module.name != "token_shape")
_NARROW = {"HEX", "ANY_HEX", "UPPER", "LOWER"}


@pytest.mark.parametrize("name", MODULES)
def test_the_head_of_a_module_names_its_vendors(name: str) -> None:
    module = importlib.import_module(f"tachograph.redaction.shapes.{name}")
    head = "".join((module.__doc__ or "").lower().split())
    assert [rule.kind for rule in getattr(module, name.upper()) if rule.kind.split("-")[0] not in head] == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_in_the_catalogue(name: str) -> None:
    module = importlib.import_module(f"tachograph.redaction.shapes.{name}")
    assert set(map(id, getattr(module, name.upper()))) <= set(map(id, RULES))


def test_behind_a_prefix_that_ends_in_a_sign_any_letter_is_redacted() -> None:
    """Documentation and tests write letters there that the vendor never draws."""
    rows = [row for name in MODULES for row in _prefixed(name)]
    assert len(rows) > 400
    assert [row for row in rows if row[2] in _NARROW and row[1].endswith(("-", "_", ":", "."))] == []


def _prefixed(name: str) -> list[tuple[str, str, str]]:
    """Kind, prefix and class of the rows that are a prefix and one class of characters."""
    path = importlib.import_module(f"tachograph.redaction.shapes.{name}").__file__
    assert path is not None
    calls = [node for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))) if isinstance(node, ast.Call)]
    written = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "token"]
    return [
        (ast.literal_eval(kind), ast.literal_eval(prefix).decode(), ast.unparse(body))
        for kind, prefix, body, _ in (call.args for call in written)
    ]
