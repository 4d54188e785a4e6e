"""Where in the program a call was made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tachograph.runtime.recording import PlainAttributes
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

_INSTALLED = ("site-packages", "dist-packages")
_OURS = ("tachograph.instrument", "tachograph_")
_DEEPEST = 200


def program_frame() -> PlainAttributes:
    """The innermost frame of the program's own, as attributes; nothing where there is none.

    An exception that a library raised tells where in the library. Whoever reads of it wants to know which line of the
    program has called. Of a tool that was installed the program's own is the few lines that start it, and what is told
    is the innermost frame of the package they import.
    """
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    installed: dict[str, FrameType] = {}
    for _ in range(_DEEPEST):
        if frame is None:
            break
        code = frame.f_code
        module = str(frame.f_globals.get("__name__") or "")
        package = module.partition(".")[0]
        if any(part in code.co_filename for part in _INSTALLED):
            installed.setdefault(package, frame)
        elif not (module.startswith(_OURS) or package in sys.stdlib_module_names):
            return _attributes(_behind(frame, installed) or frame)
        frame = frame.f_back
    return PlainAttributes()


def _behind(frame: FrameType, installed: Mapping[str, FrameType]) -> FrameType | None:
    """Where a frame is the script that starts an installed tool, the innermost frame of the tool."""
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
