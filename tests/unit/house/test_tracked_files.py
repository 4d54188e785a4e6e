"""What may not stand in any file of the tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# Put together here, for this file is one of those that are looked at.
HOSTS = tuple(
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "org"),
        ("deb", "debian", "org"),
    )
)
PLACES = (str(ROOT), f"{Path.home()}/")


def _files() -> list[Path]:
    """Every file that is tracked, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _holding(words: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path in _files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        for word in words
        if word in line
    ]


def test_there_are_files_to_look_at() -> None:
    assert ROOT / "pyproject.toml" in _files()


def test_no_file_names_a_package_index() -> None:
    assert _holding(HOSTS) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert _holding(PLACES) == []


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_scripts_can_be_run_and_parsed(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111 == 0o111
    assert path.read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", path], check=True)
