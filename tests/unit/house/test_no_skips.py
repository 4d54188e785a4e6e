"""`./dev check` takes a skipped test for a failed one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SKIPPED = "import pytest\n\ndef test_it():\n    pytest.skip('no such server')\n"
NOT_COLLECTED = "import pytest\n\npytest.importorskip('no_such_module')\n\ndef test_it():\n    pass\n"
PASSED = "import pytest\n\n@pytest.mark.xfail(strict=True)\ndef test_it():\n    raise ValueError\n"


@pytest.mark.parametrize(
    ("text", "code", "last"),
    [(SKIPPED, 1, "1 failed"), (NOT_COLLECTED, 2, "1 error"), (PASSED, 0, "1 xfailed")],
    ids=["test", "module", "expected failure"],
)
def test_what_it_makes_of_a_skip(root: Path, tmp_path: Path, text: str, code: int, last: str) -> None:
    (tmp_path / "test_it.py").write_text(text, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.no_skips", "-p", "no:randomly", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith(last)
