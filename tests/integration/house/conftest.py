"""What building and installing needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


def _run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """The standard output of a command; its whole output is the message where it fails."""
    done: Any = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} exits with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


@pytest.fixture(scope="session")
def run() -> Callable[..., str]:
    """Runs a command that has to succeed, and gives its standard output."""
    return _run


@pytest.fixture(scope="session")
def uv() -> str:
    """The uv that `./dev` found or fetched."""
    found = os.environ.get("UV") or shutil.which("uv")
    assert found, "uv is needed: run the tests by ./dev"
    return found


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the next commit would hold, as a clone of its own in a folder with spaces in its name."""
    tree = tmp_path_factory.mktemp("fresh") / "a clone"
    listed = _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    _run("git", "init", "--quiet", cwd=tree)
    return tree
