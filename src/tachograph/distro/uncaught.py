"""Errors that end the program."""

from __future__ import annotations

import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from tachograph.distro.activation import activate, activation
from tachograph.distro.hook._tachograph_hook import stay_interrupted

if TYPE_CHECKING:
    from types import TracebackType

_MOST_FRAMES = 40


def record_uncaught(error: BaseException, trace: TracebackType | None, *, ends: bool) -> None:
    """Record an error that no code handled, bringing recording up for it where it was not yet.

    Parameters
    ----------
    error
        The error; a second time it is passed over.
    trace
        Where it came from.
    ends
        Whether it ends the program; one that ends a thread does not.
    """
    to = activate()
    active = activation()
    if to is None or active is None or active.failure is error:
        return
    if ends:
        active.failure = error
    kind = type(error)
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
    """Put ours in front of the program's `sys.excepthook` and `threading.excepthook`, which are called as before."""
    before = sys.excepthook
    before_in_threads = threading.excepthook

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        with suppress(Exception):
            record_uncaught(error, trace, ends=True)
        if isinstance(error, KeyboardInterrupt):
            stay_interrupted()
        before(kind, error, trace)

    def in_threads(args: threading.ExceptHookArgs, /) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            with suppress(Exception):
                record_uncaught(args.exc_value, args.exc_traceback, ends=False)
        before_in_threads(args)

    sys.excepthook = excepthook
    threading.excepthook = in_threads
