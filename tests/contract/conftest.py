"""Runs a script with a given release of a client, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]


class RunIn(Protocol):
    """See :func:`run_in`."""

    def __call__(self, client: str, version: str, extra: Sequence[str], script: Path, *args: str) -> dict[str, Any]:
        """Run a script and give the JSON it prints."""
        ...


@pytest.fixture
def run_in() -> RunIn:
    """Runs a script with one release of a client and gives the JSON it prints.

    The environment is kept under ``.cache/clients``, and is complete once its mark is there; the mark names what was
    asked for, so that other requirements build it anew.
    """
    return _run_in


def _run_in(client: str, version: str, extra: Sequence[str], script: Path, *args: str) -> dict[str, Any]:
    # `./dev` says where it keeps its own.
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv to build environments")
    home = ROOT / ".cache" / "clients" / f"{client}-{version}"
    python = home / "bin" / "python"
    mark = home / "complete"
    wanted = [f"{client}=={version}", *extra, "--editable", str(ROOT)]
    if not mark.exists() or mark.read_text() != "\n".join(wanted):
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", "3.11", str(home)], check=True, timeout=120)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *wanted], check=True, timeout=480)
        mark.write_text("\n".join(wanted))
    done = subprocess.run([python, script, *args], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)
