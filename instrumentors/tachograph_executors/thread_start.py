"""Threads, and the work items of `ThreadPoolExecutor`."""

from __future__ import annotations

import contextvars
import sys
from typing import TYPE_CHECKING, Any

from opentelemetry import context

from tachograph.instrument.tracebacks import drop_frame
from tachograph_executors.context_carrier import KEY, enter, leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from tachograph.instrument.patch import Patch

    Wrapper = Callable[..., Any]


def start(original: Wrapper, patch: Patch) -> Wrapper:
    """`Thread.start`: the thread gets the context of who starts it."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        if patch.on:
            current = context.get_current()
            if current:
                _give(self, current)
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise

    return wrapper


def _give(thread: Any, current: context.Context) -> None:
    state: dict[str, Any] = thread.__dict__
    if "_context" not in state:
        state[KEY] = current
    elif state["_context"] is None and not getattr(sys.flags, "thread_inherit_context", False):
        # Since Python 3.14 a thread runs in a context of contextvars: a new one, unless it was given one.
        thread_context = contextvars.Context()
        thread_context.run(context.attach, current)
        state["_context"] = thread_context


def submit(original: Wrapper, patch: Patch) -> Wrapper:
    """`_WorkItem.__init__`, which `submit` calls."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        if patch.on:
            # Even if it is empty: the thread may have been started within a span.
            self.__dict__[KEY] = context.get_current()
        return original(self, *args, **kwargs)

    return wrapper


def run(original: Wrapper, patch: Patch) -> Wrapper:
    """What runs in the thread: `Thread._bootstrap_inner`, which calls whatever `run` is, and `_WorkItem.run`.

    Both handle what the work raises.
    """

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        carried: Any = self.__dict__.pop(KEY, None)
        token = enter(carried) if carried is not None and patch.on else None
        try:
            return original(self, *args, **kwargs)
        finally:
            # What the work raises refers to this frame, and is kept by what is run: as the original does, let go of it.
            self = carried = None
            args, kwargs = (), {}
            leave(token)

    return wrapper
