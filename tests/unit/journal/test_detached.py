"""A process that is nobody's child, one at a time."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from tachograph import detached

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCRIPT = """
import os, sys, time
from pathlib import Path
os.fstat(int(sys.argv[2]))
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getppid()}\\n")
while not Path(sys.argv[1] + ".end").exists():
    time.sleep(0.01)
"""


def test_one_process_runs_at_a_time_and_is_nobodys_child(tmp_path: Path) -> None:
    started = tmp_path / "started"

    def words(lock: int) -> Sequence[str]:
        return ["-c", SCRIPT, str(started), str(lock)]

    assert detached.can_start()
    detached.start(words, tmp_path / "lock")
    while not started.exists() or not started.read_text():
        time.sleep(0.01)
    detached.start(words, tmp_path / "lock")
    (tmp_path / "started.end").touch()
    parents = started.read_text().split()
    assert len(parents) == 1
    assert int(parents[0]) != os.getpid()
