"""What README and the handwritten pages say to type, and where they point, exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tachograph.cli.app import COMMANDS

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SCRIPT = (ROOT / "dev").read_text("utf-8")
TASKS = re.findall(r"^\./dev (\w+)  ", SCRIPT, re.MULTILINE)


def _code(text: str) -> list[str]:
    """What is set as code in a page, in blocks and in lines."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^ {4}\S.*$", text, re.MULTILINE)
    return [*blocks, *indented, *re.findall(r"`([^`\n]+)`", text)]


@pytest.mark.parametrize("command", ["./dev demo", "./dev test"])
def test_the_readme_has_the_command(command: str) -> None:
    assert any(command in piece for piece in _code((ROOT / "README.md").read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_exist(page: Path) -> None:
    pieces = _code(page.read_text("utf-8"))
    tacho = {name for piece in pieces for name in re.findall(r"(?:^|[\n`$] *)tacho ([a-z][\w-]*)", piece)}
    tasks = {name for piece in pieces for name in re.findall(r"\./dev (\w+)", piece)}
    assert sorted(tacho - set(COMMANDS)) == []
    assert sorted(tasks - set(TASKS)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_each_task_of_dev_is_told_and_done() -> None:
    handled = re.findall(r"^    (\w+)\)$", SCRIPT, re.MULTILINE)
    assert [*handled, "help"] == TASKS
