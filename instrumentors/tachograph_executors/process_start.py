"""`multiprocessing.Process`: a forked child has its parent's context, any other gets it with the process object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from tachograph.instrument.tracebacks import drop_frame
from tachograph_executors.context_carrier import KEY, enter, leave, packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token

    from tachograph.instrument.patch import Patch

    Wrapper = Callable[..., Any]


def start(original: Wrapper, patch: Patch) -> Wrapper:
    """`BaseProcess.start`, which pickles the object for a child that is not forked."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        carried = _packed() if patch.on else None
        if carried:
            self.__dict__[KEY] = carried
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise
        finally:
            if carried:
                self.__dict__.pop(KEY, None)

    return wrapper


def bootstrap(original: Wrapper, patch: Patch) -> Wrapper:
    """`BaseProcess._bootstrap`, all that runs in the child."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        token = _enter(self) if patch.on else None
        try:
            return original(self, *args, **kwargs)
        finally:
            leave(token)

    return wrapper


def enter_late() -> None:
    """Enter the context this process was started in, if its work began before there was something to record."""
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        # For as long as the process lives.
        _enter(process.current_process())


def _packed() -> dict[str, str]:
    try:
        return packed()
    except Exception:  # a span of another make
        return {}


def _enter(process: Any) -> Token[Any] | None:
    carried = process.__dict__.pop(KEY, None)
    if carried is None or trace.get_current_span().get_span_context().is_valid:
        return None
    return enter(carried)
