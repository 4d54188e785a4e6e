"""Writes the pages of this folder that come from the code; with ``--check`` says which are no longer current."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pages import attributes, cli, host, redaction, report, settings

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent

PAGES: dict[str, Callable[[], str]] = {
    "attributes.md": attributes.page,
    "cli.md": cli.page,
    "host.md": host.page,
    "settings.md": settings.page,
    "redaction.md": redaction.page,
    "report.md": report.page,
    "report-schema.json": report.schema,
}
"""Each generated file and what makes its text."""


def stale() -> list[str]:
    """The generated files that differ from what the code says now."""
    return [name for name, make in PAGES.items() if _read(HERE / name) != make()]


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them only."""
    if arguments not in ([], ["--check"]):
        print("usage: docs/generate.py [--check]", file=sys.stderr)
        return 2
    old = stale()
    if arguments:
        for name in old:
            print(f"docs/{name} is not current: run ./dev docs", file=sys.stderr)
        return 1 if old else 0
    for name in old:
        (HERE / name).write_text(PAGES[name](), "utf-8")
        print(f"docs/{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
