"""What may go wrong around a recorded command, and never touches it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tachograph.journal import journal_files, read, run_dirs

if TYPE_CHECKING:
    from collections.abc import Sequence

TACHO = str(Path(sys.executable).with_name("tacho"))

WORK = "import tachograph\nwith tachograph.phase('work'): print('done')\n"


def tacho(folder: Path, *command: str, limit: str = "") -> subprocess.CompletedProcess[bytes]:
    """Record a command into a folder; with a shell's `ulimit` where one is given."""
    words: Sequence[str] = [TACHO, "run", "--dir", str(folder / "base"), "--", *command]
    if limit:
        words = ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *words]
    # Where coverage is measured in the programs too, it would fail loudly at the limit.
    strange = ("TACHOGRAPH_", "OTEL_", "TRACE", *(["COVERAGE_"] if limit else []))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    environ = {**kept, "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(words, env=environ, capture_output=True, cwd=folder, timeout=60, check=False)


def test_the_runs_folder_vanishes(tmp_path: Path) -> None:
    base = tmp_path / "base"
    code = f"import shutil\nshutil.rmtree({str(base)!r})\n{WORK}raise SystemExit(3)"
    done = tacho(tmp_path, sys.executable, "-c", code)
    assert (done.returncode, done.stdout) == (3, b"done\n")
    said = rb"tacho: the folder of this run was deleted or moved while it ran; nothing is kept in \S+/[0-9a-f]{8}\n"
    assert re.fullmatch(said, done.stderr)
    assert not base.exists()


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: no journal can grow past it."""
    done = tacho(tmp_path, sys.executable, "-c", f"{WORK}raise SystemExit(3)", limit="-f 1")
    assert (done.returncode, done.stdout) == (3, b"done\n")
    assert b"Traceback" not in done.stderr


def test_no_place_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "base").write_text("")
    done = tacho(tmp_path, "touch", "was-run")
    assert (done.returncode, done.stderr.count(b"\n")) == (125, 1)
    assert not (tmp_path / "was-run").exists()


def test_no_home_for_the_key(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    (tmp_path / "cache").write_text("")
    done = tacho(tmp_path, sys.executable, "-c", WORK)
    assert (done.returncode, done.stdout) == (0, b"done\n")


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    words = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", TACHO, "run", "--dir", str(tmp_path / "base"), "--", "true"]
    done = subprocess.run(words, cwd=gone, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_plug_in_that_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "openai.py").write_text("VALUE = 7\n")
    (tmp_path / "tachograph_openai.py").write_text("raise RuntimeError('broken')\n")
    (tmp_path / "program.py").write_text("import openai\nprint(openai.VALUE)\n")
    done = tacho(tmp_path, sys.executable, "program.py")
    assert (done.returncode, done.stdout) == (0, b"7\n")
    assert b"openai could not be instrumented" in done.stderr


def test_a_module_that_fails_fails_as_it_would(tmp_path: Path) -> None:
    (tmp_path / "openai.py").write_text("raise RuntimeError('theirs')\n")
    (tmp_path / "program.py").write_text(
        "import sys\n"
        "for _ in range(2):\n"
        "    try:\n        import openai\n"
        "    except RuntimeError as error:\n        print(error, 'openai' in sys.modules)\n"
    )
    done = tacho(tmp_path, sys.executable, "program.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"theirs False\n" * 2, b"")


def test_a_report_that_cannot_be_made(tmp_path: Path) -> None:
    code = "import os, pathlib\n(pathlib.Path(os.environ['TACHOGRAPH_RUN_DIR']) / 'report.json').mkdir()\nexit(4)"
    done = tacho(tmp_path, sys.executable, "-c", code)
    assert (done.returncode, done.stderr) == (4, b"")
    (run_dir,) = run_dirs(tmp_path / "base")
    problems: list[str] = []
    ends = [
        record
        for parts in journal_files(run_dir)
        for record in read(parts, problems.append)
        if record.get("state") == "end"
    ]
    assert ([record.get("exit_code") for record in ends], problems) == ([4, None], [])
    shutil.rmtree(run_dir)
