"""Errors that end the program."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from tachograph.distro.activation import activate, activation

if TYPE_CHECKING:
    from types import TracebackType

_MOST_FRAMES = 40


def record_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Record an error that no code handled, bringing recording up for it where it was not yet."""
    to = activate()
    if to is None:
        return
    active = activation()
    if active is not None:
        active.failure = error
    frames = traceback.extract_tb(trace, limit=-_MOST_FRAMES)
    to.event(
        "error",
        {
            "type": f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ != "builtins" else kind.__qualname__,
            "message": _text(error),
            "handled": False,
            "stack": [{"file": f.filename, "line": f.lineno, "function": f.name, "source": f.line} for f in frames],
        },
        None,
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def install_hook() -> None:
    """Put ours in front of the program's `sys.excepthook`, which is called as before."""
    before = sys.excepthook

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        with suppress(Exception):
            record_uncaught(kind, error, trace)
        before(kind, error, trace)

    sys.excepthook = excepthook
