"""Reads what the code says of itself: numpy-style parameters, and the text below a constant."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def parameters(documented: object) -> dict[str, str]:
    """The ``Parameters`` section of a docstring, name to text.

    Raises
    ------
    ValueError
        When there is no such section.
    """
    parts = _SECTION.split(inspect.getdoc(documented) or "")
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    if "Parameters" not in sections:
        raise ValueError(f"{documented!r} has no Parameters section")
    found: dict[str, str] = {}
    name = ""
    for line in sections["Parameters"].splitlines():
        if line and not line[0].isspace():
            name = line.strip()
            found[name] = ""
        elif line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def constants(module: ModuleType, prefix: str) -> dict[str, str]:
    """The constants of a module whose name starts with a prefix: their string value to the text below them."""
    body = ast.parse(inspect.getsource(module)).body
    found: dict[str, str] = {}
    for statement, after in itertools.pairwise(body):
        match statement, after:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))),
                ast.Expr(value=ast.Constant(value=str(text))),
            ) if name.startswith(prefix):
                found[value] = " ".join(text.split())
            case _:
                pass
    return found


def as_markdown(text: str) -> str:
    """The reStructuredText marks that docstrings use, as Markdown."""
    return re.sub(r":\w+:`[~.]*([^`]+)`", r"`\1`", text).replace("``", "`")
