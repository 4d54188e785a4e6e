"""Reading journals: tolerant of what a crash leaves, strict about versions, from where it left off."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.errors import JournalVersionError
from tachograph.journal import (
    SCHEMA_VERSION,
    Tail,
    is_alive,
    journal_files,
    journal_path,
    read,
)
from tachograph.journal.merge import merged

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph.journal.tail import Line


def write(run_dir: Path, text: bytes, part: int = 0) -> None:
    journal_path(run_dir, 41, 100, part).write_bytes(text)


def read_all(run_dir: Path) -> tuple[list[Any], list[str]]:
    problems: list[str] = []
    records = [dict(record) for parts in journal_files(run_dir) for record in read(parts, problems.append)]
    return records, problems


def test_what_is_written_since_is_read_once_and_a_line_that_is_not_whole_waits(tmp_path: Path) -> None:
    tail = Tail(tmp_path)

    def read_on() -> list[tuple[int, int, int, bytes]]:
        tail.look()
        lines = [line for source in tail.sources for line in tail.lines(source)]
        return [(source.pid, part.part, at, text) for source, part, at, text in lines]

    assert read_on() == []
    path = journal_path(tmp_path, 41, 100)
    path.write_bytes(b'{"type":"a"}\n{"type":"b')
    assert read_on() == [(41, 0, 0, b'{"type":"a"}\n')]
    assert tail.is_at_end()
    with path.open("ab") as file:
        file.write(b'"}\n')
    assert not tail.is_at_end()
    # The next file of the same process, and another process.
    journal_path(tmp_path, 41, 100, 1).write_bytes(b'{"type":"c"}\n')
    journal_path(tmp_path, 40, 200).write_bytes(b'{"type":"d"}\n')
    assert read_on() == [
        (41, 0, 13, b'{"type":"b"}\n'),
        (41, 1, 0, b'{"type":"c"}\n'),
        (40, 0, 0, b'{"type":"d"}\n'),
    ]
    assert tail.is_at_end()
    assert read_on() == []
    assert [line[3] for line in merged_from(tmp_path, tail.positions)] == []


def test_reading_begins_where_it_left_off_before(tmp_path: Path) -> None:
    write(tmp_path, b'{"type":"a"}\n{"type":"b"}\n')
    lines = merged_from(tmp_path, {journal_path(tmp_path, 41, 100).name: 13})
    assert [line[3] for line in lines] == [b'{"type":"b"}\n']


def merged_from(run_dir: Path, positions: dict[str, int]) -> list[Line]:
    tail = Tail(run_dir, positions)
    tail.look()
    return list(merged(tail))


def test_lines_of_several_journals_are_in_order_of_time(tmp_path: Path) -> None:
    def line(second: int, name: str) -> bytes:
        return f'{{"type":"event","ts":"2026-11-20T14:03:{second:02}.000000Z","name":"{name}"}}\n'.encode()

    journal_path(tmp_path, 41, 100).write_bytes(line(1, "a") + b"torn\n" + line(4, "d") + line(3, "late"))
    journal_path(tmp_path, 42, 200).write_bytes(line(2, "b") + line(3, "c") + line(5, "e"))
    texts = [text for *_, text in merged_from(tmp_path, {})]
    names = [json.loads(text)["name"] if text.startswith(b"{") else text for text in texts]
    # Within one journal the order is kept, and a line without a time follows the one before it.
    assert names == ["a", b"torn\n", "b", "c", "d", "late", "e"]


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
