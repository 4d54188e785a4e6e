"""`./dev` on a machine that has Python, git and a shell, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.packages
@pytest.mark.timeout(600)
def test_it_fetches_what_it_needs(tree: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(os.path.realpath(sys.executable))
    for name in ("sh", "git", "dirname", "cat", "cksum", "rm", "mkdir", "uname"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    environ = {name: value for name, value in os.environ.items() if name not in {"UV", "VIRTUAL_ENV", "PYTHONPATH"}}
    environ["PATH"] = str(tools)

    done = subprocess.run(
        [tree / "dev", "test", "--collect-only", "-q", "tests/unit/journal"],
        cwd="/",
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "tests/unit/journal/test_writer.py::" in done.stdout
    assert done.stderr.splitlines() == [
        "dev: fetching uv into .cache/uv",
        "dev: installing what requirements.lock names into .venv",
    ]


@pytest.mark.packages
def test_a_machine_without_a_fitting_python_is_told_so(tree: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "cksum"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    shutil.rmtree(tree / ".venv", ignore_errors=True)
    shutil.rmtree(tree / ".cache", ignore_errors=True)

    done = subprocess.run([tree / "dev", "test"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == (
        "dev: Python 3.11 or later is needed, and none of python3.13 … python3 on PATH is one. "
        "Install it, run ./dev again.\n"
    )
