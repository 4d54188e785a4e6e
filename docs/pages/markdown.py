"""The few pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def heading(title: str, source: str, introduction: str) -> str:
    """The top of a generated page.

    Parameters
    ----------
    title
        The title of the page.
    source
        The module it is generated from.
    introduction
        The first paragraph.
    """
    note = f"<!-- Generated from {source} by ./dev docs; a change belongs there. -->"
    return f"# {title}\n\n{note}\n\n{introduction}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown, with their bars and line ends escaped here."""
    lines = [_row(head), "|" + " --- |" * len(head)]
    lines.extend(_row(row) for row in rows)
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def code(text: str) -> str:
    """A word set as code."""
    return f"`{text}`"
