"""The capabilities of the standard output: a terminal, a file or a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Literal, TextIO

Style = Literal["bold", "dim", "red", "green", "yellow"]

_CODES: dict[Style, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_NARROWEST, _WIDEST, _PIPE = 60, 140, 80


class Screen:
    """The standard output.

    Attributes
    ----------
    width
        Columns to fill.
    colour
        Whether styles are shown: on a terminal, unless ``NO_COLOR`` is set.
    """

    def __init__(self) -> None:
        # It is None if the caller closed it.
        out: TextIO | None = sys.stdout
        terminal = out is not None and out.isatty()
        columns = shutil.get_terminal_size((_PIPE, 24)).columns
        self.width = max(_NARROWEST, min(columns, _WIDEST))
        self.colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        blocks = out is not None and terminal and (out.encoding or "").lower().replace("-", "") == "utf8"
        self._block = "█" if blocks else "#"

    def style(self, text: str, *styles: Style) -> str:
        """A text in a style; unchanged if styles are not shown."""
        if not self.colour or not styles:
            return text
        return f"\033[{';'.join(_CODES[style] for style in styles)}m{text}\033[0m"

    def bar(self, share: float, width: int) -> str:
        """A bar for a share of the width; any share above 0 is at least one block."""
        return self._block * max(round(share * width), 1 if share > 0 else 0)


def clean(text: str) -> str:
    """A recorded text on one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def cut(text: str, width: int) -> str:
    """A text of at most so many characters, with an ellipsis if it was longer."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= width else cleaned[: max(width - 1, 0)] + "…"
