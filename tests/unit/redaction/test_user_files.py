"""The key and the compiled triggers: for this user only, and not believed when others could have written them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tachograph.redaction import user_files
from tachograph.redaction.rule_types import Group

if TYPE_CHECKING:
    from pathlib import Path

SHOW = """
from tachograph.redaction import Sealer, installation_key
print(installation_key().hex())
print(Sealer(bytes(32), None).text("gh" + "p_" + "a1" * 18, {}))
"""


def _run(home: Path, code: str = SHOW) -> list[str]:
    environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def _compiled(home: Path) -> list[Path]:
    """The files of the process that compiles, which nobody waits for, once they are whole."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [path for path in (home / ".cache/tachograph").glob("triggers-*.hs") if path.stat().st_size > 1000]
        if len(found) == len(Group):
            return found
        time.sleep(0.05)
    raise AssertionError(list((home / ".cache/tachograph").iterdir()))


def test_key_and_cache_are_made_once_and_private(tmp_path: Path) -> None:
    first = _run(tmp_path)
    key = tmp_path / ".local/share/tachograph/key"
    caches = _compiled(tmp_path)
    made = {path: path.stat().st_mtime_ns for path in caches}
    assert _run(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in _compiled(tmp_path)} == made
    assert len(bytes.fromhex(first[0])) == 32
    assert key.read_bytes().hex() == first[0]
    for path in (key, *caches):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    first = _run(tmp_path)
    for path in _compiled(tmp_path):
        path.write_bytes(b"nonsense")
    assert _run(tmp_path) == first
    _compiled(tmp_path)


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_key_that_others_could_write_is_not_used(tmp_path: Path, mode: int) -> None:
    first = _run(tmp_path)
    (tmp_path / ".local/share/tachograph/key").chmod(mode)
    second = _run(tmp_path)
    assert second[0] != first[0]
    assert second[1] == first[1]


def test_a_folder_that_others_can_write_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file"
    assert not user_files.write(path, b"x", replace=False)
    path.parent.mkdir()
    assert user_files.write(path, b"x", replace=False)
    assert not user_files.write(path, b"y", replace=False)
    assert user_files.read(path, 10) == b"x"
    path.parent.chmod(0o777)
    assert user_files.read(path, 10) is None
    assert not user_files.write(path, b"z", replace=True)


def test_without_a_home_it_works_all_the_same(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    first, second = _run(nowhere), _run(nowhere)
    assert first[0] != second[0]
    assert first[1] == second[1]


def test_without_hyperscan_the_answer_is_the_same(tmp_path: Path) -> None:
    without = _run(tmp_path, "import sys; sys.modules['hyperscan'] = None\n" + SHOW)
    assert without == _run(tmp_path)
