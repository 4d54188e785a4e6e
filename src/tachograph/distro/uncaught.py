"""Errors that no code handles: those that end the program, and those that end one of its threads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tachograph.distro.activation import activate, activation
from tachograph.distro.failure import Failure
from tachograph.instrument.imports import when_imported
from tachograph.runtime.exceptions import describe, innermost_frames

if TYPE_CHECKING:
    from types import ModuleType, TracebackType

_HOOK = "_tachograph_hook"
_MOST_FRAMES = 40


def record_uncaught(error: BaseException, trace: TracebackType | None, *, ends: bool) -> None:
    """Record an error that no code handled, bringing recording up for it if necessary.

    Parameters
    ----------
    error
        The error.
    trace
        Its traceback.
    ends
        Whether it ends the program; one that ends a thread does not.
    """
    to = activate()
    active = activation()
    if to is None or active is None:
        return
    if ends:
        active.failure = Failure(type(error).__qualname__, interrupted=isinstance(error, KeyboardInterrupt))
    frames = innermost_frames(trace, _MOST_FRAMES)
    lines = [(frame.filename, frame.lineno) for frame in frames]
    if not ends:
        active.ended_threads.append(lines)
    elif any(lines[-len(ended) :] == ended for ended in active.ended_threads):
        # It ended a thread and is raised again: its traceback still has the frames that run a thread. The error itself
        # is not kept for comparison, and its `id` may belong to another error by now.
        return
    described = describe(error)
    to.event(
        "error",
        {
            "type": described.exception_type,
            "message": described.message,
            "handled": False,
            "stack": [{"file": f.filename, "line": f.lineno, "function": f.name, "source": f.line} for f in frames],
        },
        None,
    )


def watch() -> None:
    """Record the errors of this process from here on, as the start-up hook does in a child of a run."""
    hook: Any = sys.modules.get(_HOOK)
    if hook is None:
        from tachograph.distro.hook import _tachograph_hook as hook

        # One module of it in a process, whoever imports it.
        sys.modules[_HOOK] = hook
    hook.watch_threads()
    hook.watch_errors()

    def again(module: ModuleType) -> None:  # noqa: ARG001 - what is called back takes it
        hook.watch_errors()

    for pools in ("concurrent.futures.thread", "concurrent.futures.process"):
        when_imported(pools, again)
