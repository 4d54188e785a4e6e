"""The reader: tolerant of what a crash leaves, strict about versions."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.errors import JournalVersionError
from tachograph.journal import (
    SCHEMA_VERSION,
    Frame,
    is_alive,
    journal_files,
    journal_path,
    read,
)

if TYPE_CHECKING:
    from pathlib import Path

RUN = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


def write(run_dir: Path, text: bytes, part: int = 0) -> None:
    journal_path(run_dir, 41, 100, part).write_bytes(text)


def read_all(run_dir: Path) -> tuple[list[Any], list[str]]:
    problems: list[str] = []
    records = [dict(record) for parts in journal_files(run_dir) for record in read(parts, problems.append)]
    return records, problems


def test_a_line_is_framed_from_what_is_ours_and_what_is_sealed() -> None:
    frame = Frame(RUN)
    at = 1_795_000_000_123_456_789
    line = frame.line("event", ',"time_ns":5', b'{"name":"x","fields":{"a":1}}', {"jwt": 2}, at)
    assert line.endswith(b"}\n")
    loaded = json.loads(line)
    assert loaded.pop("pid") > 0
    assert loaded == {
        "type": "event",
        "ts": "2026-11-18T11:06:40.123456Z",
        "run": RUN,
        "time_ns": 5,
        "redacted": {"jwt": 2},
        "name": "x",
        "fields": {"a": 1},
    }
    empty = json.loads(frame.line("process", ',"state":"end"', b"{}", {}, at))
    assert empty.pop("pid") > 0
    assert empty == {"type": "process", "ts": "2026-11-18T11:06:40.123456Z", "run": RUN, "state": "end"}


def test_torn_and_foreign_lines_are_said_and_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path, b'{"type":"a"}\n{"type":"b","x\n\n[1]\n{"no":"type"}\n\xff\xfe\n{"type":"c"}\n{"type":"d","x":"cut o'
    )
    name = journal_path(tmp_path, 41, 100).name
    torn, foreign = f"{name} has a torn record", f"{name} has a line that is no record"
    assert read_all(tmp_path) == ([{"type": "a"}, {"type": "c"}], [torn, foreign, foreign, torn, torn])


def test_files_that_rotation_deleted_are_said(tmp_path: Path) -> None:
    write(tmp_path, b'{"type":"a"}\n', part=2)
    write(tmp_path, b'{"type":"b"}\n', part=3)
    name = journal_path(tmp_path, 41, 100, 2).name
    assert read_all(tmp_path) == (
        [{"type": "a"}, {"type": "b"}],
        [f"2 older files of {name} were deleted by rotation"],
    )


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    journal_path(tmp_path, 41, 100).mkdir()
    name = journal_path(tmp_path, 41, 100).name
    assert read_all(tmp_path) == ([], [f"{name} cannot be read: Is a directory"])


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, "2", None])
def test_a_newer_version_is_refused(tmp_path: Path, version: object) -> None:
    write(tmp_path, json.dumps({"type": "process", "schema_version": version}).encode() + b"\n")
    if version is None:
        assert read_all(tmp_path) == ([{"type": "process", "schema_version": None}], [])
        return
    with pytest.raises(JournalVersionError, match="pip install -U tachograph"):
        read_all(tmp_path)


def test_a_process_is_alive_while_it_holds_its_journal(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tachograph.journal import JournalWriter\n"
        "w = JournalWriter(Path(sys.argv[1]), lambda: b'{}\\n'); w.write(b'{}\\n'); print('ready', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        [parts] = journal_files(tmp_path)
        assert is_alive(parts)
        process.kill()
    assert not is_alive(parts)
    assert not is_alive([])
