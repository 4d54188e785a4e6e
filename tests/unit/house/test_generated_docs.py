"""The generated pages are what the code says now, and name everything they are about."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tachograph.cli.app import COMMANDS
from tachograph.semconv import REGISTRY

if TYPE_CHECKING:
    from pathlib import Path


def _generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, root / "docs" / "generate.py", *arguments], capture_output=True, text=True, check=False
    )


def test_no_page_is_out_of_date(root: Path) -> None:
    done = _generate(root, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_argument_is_refused(root: Path) -> None:
    done = _generate(root, "--chekc")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "usage: docs/generate.py [--check]\n")


def test_every_command_has_its_section(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text("utf-8")
    assert re.findall(r"^## tacho (\S+)$", page, re.MULTILINE) == list(COMMANDS)


def test_every_attribute_has_its_row(root: Path) -> None:
    page = (root / "docs" / "attributes.md").read_text("utf-8")
    assert re.findall(r"^\| `(\S+)` \| \S+ \| (?:plain|text|content) \|", page, re.MULTILINE) == list(REGISTRY)


def test_every_environment_variable_of_ours_is_documented(root: Path) -> None:
    page = (root / "docs" / "settings.md").read_text("utf-8")
    read = {
        name
        for source in ("src", "instrumentors", "exporters")
        for path in (root / source).rglob("*.py")
        for name in re.findall(r'"(TACHOGRAPH_[A-Z_]*[A-Z])"', path.read_text("utf-8"))
    }
    assert "TACHOGRAPH_LEVEL" in read
    assert sorted(name for name in read if f"`{name}`" not in page) == []
