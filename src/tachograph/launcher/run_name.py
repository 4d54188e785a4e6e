"""The name that a run is listed under if nobody named it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PYTHON = re.compile(r"(?:python|pypy)[\d.]*t?\Z")
_WITH_VALUE = frozenset({"-W", "-X", "--check-hash-based-pycs"})


def run_name(command: Sequence[str]) -> str:
    """The script or module a Python command runs, otherwise the name of the program.

    Parameters
    ----------
    command
        The command and its arguments.
    """
    program = PurePath(command[0]).name or command[0]
    if not _PYTHON.match(program):
        return program
    words = iter(command[1:])
    for word in words:
        if word == "-m":
            return next(words, program)
        if word in {"-c", "-"}:
            return f"{program} {word}"
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return PurePath(word).name or word
    return program
