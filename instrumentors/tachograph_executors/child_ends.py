"""The ends of children of `multiprocessing` and billiard, as their parent learns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.tracebacks import drop_frame
from tachograph.runtime.recording import recorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tachograph.instrument.patch import Patch

    Wrapper = Callable[..., Any]

_KEY = "_tachograph_recorded"
_UNKNOWN = 255
"""The exit code that `multiprocessing` reports for a child of a fork server if the server itself is gone."""


def poll(original: Wrapper, patch: Patch) -> Wrapper:
    """`Popen.poll`, which every way to wait for a child calls, and which learns its exit code once."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not patch.on or self.returncode is not None:
            return original(self, *args, **kwargs)
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise
        if self.returncode is not None:
            _record(self)
        return result

    return wrapper


def _record(popen: Any) -> None:
    try:
        # Another thread may have been waiting too.
        mark = object()
        if popen.__dict__.setdefault(_KEY, mark) is not mark:
            return
        if popen.method == "forkserver" and popen.returncode == _UNKNOWN:
            return
        to = recorder()
        if to is not None:
            to.child_ended(popen.pid, popen.returncode)
    except Exception:  # noqa: S110 - the program waits for its child, and has it
        pass
