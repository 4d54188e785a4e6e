"""The errors are one tree, drawn in the docstring of their module with the code that `tacho` exits with for each."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from tachograph import errors
from tachograph.cli import app
from tachograph.errors import TachographError

ROOT = Path(__file__).parents[3]
HOME = ROOT / "src" / "tachograph" / "errors.py"


def _is_exception(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, BaseException)


PRIVATE = {
    "_NotPlainError": "caught where it is raised: a message that has no short form",
    "UnsupportedError": "caught by the reader of the configuration, which raises RedactionError with the place",
}
"""Exception classes outside of the tree, which nobody but their own package sees."""

BUILTIN = {name for name, _ in inspect.getmembers(builtins, _is_exception)}
TREE: dict[str, Any] = dict(inspect.getmembers(errors, inspect.isclass))


def _base_names(node: ast.ClassDef) -> set[str]:
    names = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return names | {base.attr for base in node.bases if isinstance(base, ast.Attribute)}


def _exception_classes(path: Path, known: set[str]) -> list[str]:
    """The exception classes a file defines, by the names of their bases."""
    return [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(base in known or base.endswith(("Error", "Exception")) for base in _base_names(node))
    ]


def test_every_error_is_in_the_tree_or_private() -> None:
    elsewhere = {
        name
        for source in ("src", "exporters", "instrumentors")
        for path in (ROOT / source).rglob("*.py")
        if path != HOME
        for name in _exception_classes(path, BUILTIN | set(TREE))
    }
    assert elsewhere == set(PRIVATE)
    assert [name for name, error in TREE.items() if not issubclass(error, TachographError)] == []


def test_an_error_outside_of_the_tree_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "stray.py"
    path.write_text(
        "import errors\nclass A(KeyboardInterrupt): ...\nclass B(errors.ReportError): ...\nclass C(dict): ..."
    )
    assert _exception_classes(path, {"KeyboardInterrupt"}) == ["A", "B"]


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn: dict[str, tuple[str | None, int]] = {}
    path: list[str] = []
    rows = re.findall(r"^    ([ │├└─]*)(\w+)(?: \((\w+)\))? +(\d+)(?=\s)", errors.__doc__ or "", re.MULTILINE)
    for branch, name, second, code in rows:
        del path[len(branch) // 4 :]
        drawn[name] = (path[-1] if path else None, int(code))
        path.append(name)
        assert not second or issubclass(TREE[name], getattr(builtins, second))
    assert drawn == {
        name: (error.__bases__[0].__name__ if error is not TachographError else None, error.exit_code)
        for name, error in TREE.items()
    }


@pytest.mark.parametrize("name", TREE)
def test_each_error_has_a_message_and_ends_with_its_code(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {"JournalVersionError": ("j", 9, 1), "ReportVersionError": ("r", 9, 1), "BusyError": ("1a2b3c4d",)}
    error = TREE[name](*arguments.get(name, ("it did not work. Try again",)))

    def failing(_: object) -> None:
        raise error

    monkeypatch.setattr("tachograph.cli.list_runs.open_runs", failing)
    assert app.main(["list"]) == TREE[name].exit_code
    assert capsys.readouterr().err == f"tacho: {error}\n"
    assert len(str(error).split()) > 3
