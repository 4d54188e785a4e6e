"""Where in the program a call was made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tachograph.runtime.recording import PlainAttributes
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from types import FrameType

_INSTALLED = ("site-packages", "dist-packages")
_OURS = ("tachograph.instrument", "tachograph_")
_DEEPEST = 200


def program_frame() -> PlainAttributes:
    """The innermost frame of the program's own, as attributes; nothing where there is none.

    An exception that a library raised tells where in the library. Whoever reads of it wants to know which line of the
    program has called.
    """
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    for _ in range(_DEEPEST):
        if frame is None:
            break
        code = frame.f_code
        module = str(frame.f_globals.get("__name__") or "")
        if not (
            module.startswith(_OURS)
            or module.partition(".")[0] in sys.stdlib_module_names
            or any(part in code.co_filename for part in _INSTALLED)
        ):
            return PlainAttributes(
                {
                    g.CODE_FILE_PATH: code.co_filename,
                    g.CODE_LINE_NUMBER: frame.f_lineno,
                    g.CODE_FUNCTION_NAME: code.co_qualname,
                }
            )
        frame = frame.f_back
    return PlainAttributes()
