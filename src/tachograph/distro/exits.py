"""The ways a process leaves: by `atexit`, or past it, as the workers of servers and pools do."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import when_imported
from tachograph.instrument.patch import patch
from tachograph.instrument.tracebacks import drop_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from tachograph.instrument.patch import Patch

_LAST = -100
"""The priority of our finalizer of `multiprocessing`: after those of the program."""


class Exit:
    """Ends the recording of a process, whichever way it leaves.

    Parameters
    ----------
    close
        Ends it; called once or more. Its argument is the name of the signal that the process is about to end itself
        with, None if it ends otherwise.
    release
        Closes the journal for good, if it was kept open.

    Attributes
    ----------
    children_follow
        Whether `multiprocessing` waits for its children after the end of the recording.
    """

    def __init__(self, close: Callable[[str | None], None], release: Callable[[], None]) -> None:
        self._close = close
        self._release = release
        self.children_follow = False
        self._finalizer: Any = None
        self._pid = 0
        self._at_exit_passed = False

    def watch(self) -> None:
        """From here on, in this process and those it forks."""
        atexit.register(self._at_exit)
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            if _is_child():
                self._finalize(util, self._close_now)
            elif not _is_served():
                self._finalize(util, self._close_late)
        when_imported("multiprocessing.util", self._register)
        when_imported("uvicorn.server", _patch_uvicorn)
        when_imported("billiard.pool", _patch_billiard)
        _closing[:] = [self._close]

    def after_fork(self) -> None:
        """In a forked child."""
        self._at_exit_passed = self.children_follow = False

    def _register(self, util: Any) -> None:
        # A child of multiprocessing forgets all finalizers when it begins, then runs what is registered here: once, as
        # a process inherits what its parent has registered.
        util.register_after_fork(self, Exit._at_end_of_child)

    def _at_exit(self) -> None:
        self._at_exit_passed = True
        # `multiprocessing` was imported before us: it ends its children after our turn at exit, if it is not
        # interrupted, and how they end is recorded as well.
        self.children_follow = (
            self._pid == os.getpid() and self._finalizer is not None and self._finalizer.still_active()
        )
        self._close(None)

    def _close_late(self) -> None:
        # If `multiprocessing` had its turn first, ours is still to come.
        if self._at_exit_passed:
            self._release()

    def _close_now(self) -> None:
        self._close(None)

    def _at_end_of_child(self) -> None:
        """Close with the finalizers of `multiprocessing`, whose children leave by `os._exit`, past `atexit`."""
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            self._finalize(util, self._close_now)

    def _finalize(self, util: Any, callback: Callable[[], None]) -> None:
        self._finalizer = util.Finalize(None, callback, exitpriority=_LAST)
        self._pid = os.getpid()


def _is_child() -> bool:
    """Whether this process is a child of `multiprocessing`, or of billiard, at work."""
    process: Any = sys.modules.get("multiprocessing.process")
    if process is not None and process.parent_process() is not None:
        return True
    process = sys.modules.get("billiard.process")
    return process is not None and getattr(process.current_process(), "_parent_pid", None) is not None


def _is_served() -> bool:
    """Whether this is a child of a fork server that loads the program, before its work begins."""
    process: Any = sys.modules.get("multiprocessing.process")
    inheriting = process is not None and getattr(process.current_process(), "_inheriting", False)
    return bool(inheriting) and "multiprocessing.forkserver" in sys.modules


_closing: list[Callable[[str | None], None]] = []
"""What ends the recording of this process."""


def _close(by: str | None = None) -> None:
    for close in _closing:
        with suppress(Exception):
            close(by)


# celery's workers are those of billiard, which leave by `os._exit`, without finalizers


def _patch_billiard(module: ModuleType) -> None:
    patch(getattr(module, "Worker", None), "_do_exit", _do_exit)


def _do_exit(original: Callable[..., Any], patched: Patch) -> Callable[..., Any]:
    """`Worker._do_exit`, which calls `on_exit`, and with it handlers of the program, and never returns."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        if patched.on:
            _close_after_on_exit(self)
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise

    return wrapper


def _close_after_on_exit(worker: Any) -> None:
    before = getattr(worker, "on_exit", None)
    if before is None:
        _close()
        return

    def on_exit(*args: Any, **kwargs: Any) -> Any:
        try:
            result = before(*args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise
        _close()
        return result

    with suppress(Exception):
        worker.on_exit = on_exit


# uvicorn's server sends itself the signal it was ended with, once it has shut down


def _patch_uvicorn(module: ModuleType) -> None:
    current: Any = module.__dict__.get("signal")
    if current is signal:
        # It may be serving already, if its worker loads the program: only what it looks up late is seen.
        module.__dict__["signal"] = _Signals("signal", signal.__doc__)


class _Signals(ModuleType):
    """The module `signal` as the server sees it, which closes before a signal that ends the process."""

    def __getattr__(self, name: str) -> Any:
        return getattr(signal, name)

    def raise_signal(self, number: int, /) -> None:
        """See `signal.raise_signal`. By now the handlers from before are back."""
        with suppress(Exception):
            _close_before(number)
        try:
            signal.raise_signal(number)
        except BaseException as error:
            drop_frame(error)
            raise


def _close_before(number: int) -> None:
    """Close if a signal that this process sends itself is certain to end it."""
    # The first process of a container cannot end itself like that.
    deadly = number == signal.SIGTERM and signal.getsignal(number) == signal.SIG_DFL and os.getpid() != 1
    if deadly and number not in signal.pthread_sigmask(signal.SIG_BLOCK, ()):
        _close(signal.Signals(number).name)
