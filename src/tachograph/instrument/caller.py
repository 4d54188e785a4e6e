"""Where in the program a call was made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tachograph.run.own_files import is_installed, is_library
from tachograph.runtime.recording import PlainAttributes
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

_OURS = ("tachograph.instrument", "tachograph_")
_DEEPEST = 200


def program_frame() -> PlainAttributes:
    """The innermost frame of the program, as attributes; none if there is no such frame.

    The traceback of an exception that a library raised ends in the library. A reader wants to know which line of the
    program made the call. If the program is an installed tool, its own code is the few lines that start it; then the
    result is the innermost frame of the package they import.
    """
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    installed: dict[str, FrameType] = {}
    for _ in range(_DEEPEST):
        if frame is None:
            break
        code = frame.f_code
        module = str(frame.f_globals.get("__name__") or "")
        package = module.partition(".")[0]
        if is_installed(code.co_filename):
            installed.setdefault(package, frame)
        elif not (module.startswith(_OURS) or is_library(code.co_filename)):
            return _attributes(_behind(frame, installed) or frame)
        frame = frame.f_back
    return PlainAttributes()


def _behind(frame: FrameType, installed: Mapping[str, FrameType]) -> FrameType | None:
    """The innermost frame of the installed tool that a script starts, None if the frame is no such script."""
    code = frame.f_code
    if code.co_name != "<module>" or code.co_filename.endswith((".py", ".pyw", ">")):
        return None
    return next((installed[top] for name in code.co_names if (top := name.partition(".")[0]) in installed), None)


def _attributes(frame: FrameType) -> PlainAttributes:
    return PlainAttributes(
        {
            g.CODE_FILE_PATH: frame.f_code.co_filename,
            g.CODE_LINE_NUMBER: frame.f_lineno,
            g.CODE_FUNCTION_NAME: frame.f_code.co_qualname,
        }
    )
