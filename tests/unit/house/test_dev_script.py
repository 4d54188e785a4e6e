"""`./dev` before it has fetched anything, from any folder."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def _dev(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([root / "dev", *words], cwd="/", capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [(), ("help",), ("-h",), ("--help",)])
def test_it_tells_its_commands(root: Path, words: tuple[str, ...]) -> None:
    done = _dev(root, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "demo",
        "test",
        "check",
        "backends",
        "host",
        "bench",
        "docs",
        "lock",
        "help",
    ]


def test_an_unknown_command_is_refused(root: Path) -> None:
    done = _dev(root, "chekc")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == _dev(root).stdout + 'dev: there is no command "chekc"\n'
