"""The page of the command line."""

from __future__ import annotations

import contextlib
import io
import os

from pages.markdown import heading
from tachograph.cli import main
from tachograph.cli.app import COMMANDS

_INTRODUCTION = "What `tacho` and each of its commands print for `--help`."
_COLUMNS = "80"


def help_of(*words: str) -> str:
    """What ``tacho <words> --help`` prints.

    Raises
    ------
    RuntimeError
        When the command does not exit with 0.
    """
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _COLUMNS
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            code = main([*words, "--help"])
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    if code:
        raise RuntimeError(f"tacho {' '.join(words)} --help exits with {code}")
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())


def page() -> str:
    """The text of docs/cli.md."""
    sections = [f"## tacho\n\n```text\n{help_of()}\n```\n"]
    sections.extend(f"## tacho {name}\n\n```text\n{help_of(name)}\n```\n" for name in COMMANDS)
    return "\n".join([heading("Command line", "tachograph.cli", _INTRODUCTION), *sections])
