"""The writer: every record whole, whatever happens to its file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any

from tachograph.journal import JournalWriter, is_alive, journal_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def header() -> bytes:
    return b'{"type":"process","state":"start"}\n'


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_records_are_in_the_file_when_write_returns(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, header)
    assert list(tmp_path.iterdir()) == []
    assert writer.write(b'{"type":"event","n":1}\n')
    assert writer.write(b'{"type":"event","n":2}\n')
    [[file]] = journal_files(tmp_path)
    assert file.pid == os.getpid()
    assert oct(file.path.stat().st_mode & 0o777) == "0o600"
    assert lines(file.path) == [
        {"type": "process", "state": "start"},
        {"type": "event", "n": 1},
        {"type": "event", "n": 2},
    ]
    writer.close(b'{"type":"process","state":"end"}\n')
    assert lines(file.path)[-1] == {"type": "process", "state": "end"}
    assert not writer.write(b'{"type":"event","n":3}\n')


def test_nothing_is_written_where_nothing_was_recorded(tmp_path: Path) -> None:
    JournalWriter(tmp_path, header).close(b'{"type":"process","state":"end"}\n')
    assert list(tmp_path.iterdir()) == []


def test_threads_write_whole_records(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, header)

    def work(thread: int) -> None:
        for n in range(200):
            writer.write(b'{"type":"event","thread":%d,"n":%d,"pad":"%s"}\n' % (thread, n, b"x" * (n * 20)))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    [[file]] = journal_files(tmp_path)
    found = {(r["thread"], r["n"]) for r in lines(file.path) if r["type"] == "event"}
    assert found == {(t, n) for t in range(8) for n in range(200)}


def test_a_full_file_is_followed_by_the_next_and_the_oldest_goes(tmp_path: Path) -> None:
    rotated: list[int] = []
    writer = JournalWriter(
        tmp_path, header, max_file_bytes=100, max_files=3, on_rotate=lambda: rotated.append(len(rotated))
    )
    for n in range(40):
        writer.write(b'{"type":"event","n":%02d}\n' % (n + 10))
    writer.close()
    [parts] = journal_files(tmp_path)
    assert [part.part for part in parts] == list(range(parts[0].part, parts[0].part + 3))
    assert len(rotated) == parts[-1].part
    kept = [lines(part.path) for part in parts]
    assert all(part[0] == {"type": "process", "state": "start"} for part in kept)
    numbers = [r["n"] for part in kept for r in part if r["type"] == "event"]
    assert numbers == list(range(numbers[0], 50))


def test_a_closed_descriptor_is_replaced_and_nothing_lands_elsewhere(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from tachograph.journal import JournalWriter
        writer = JournalWriter(Path(sys.argv[1]), lambda: b'{"type":"process"}\\n')
        writer.write(b'{"n":1}\\n')
        os.closerange(3, 65536)
        other = [open(sys.argv[2] + str(i), "w") for i in range(5)]
        print(writer.write(b'{"n":2}\\n'), writer.dropped)
        writer.close()
        """
    )
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(run_dir), str(tmp_path / "other")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("True 0\n", "")
    [parts] = journal_files(run_dir)
    assert [lines(part.path) for part in parts] == [[{"type": "process"}, {"n": 1}], [{"type": "process"}, {"n": 2}]]
    assert all(path.read_bytes() == b"" for path in tmp_path.glob("other*"))


def test_a_full_disk_stops_recording_with_one_warning(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from tachograph.journal import JournalWriter
        writer = JournalWriter(Path(sys.argv[1]), lambda: b'{"type":"process"}\\n')
        writer.write(b'{"n":1}\\n')
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, 1 << 40))
        print([writer.write(b'{"n":"%s"}\\n' % (b"x" * 60)) for _ in range(3)], writer.dropped)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))
        writer.close(b'{"type":"process","state":"end"}\\n')
        """
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "[False, False, False] 3\n"
    assert done.stderr.count("\n") == 1
    assert "tachograph: recording stopped: " in done.stderr
    assert "The program goes on" in done.stderr
    [[file]] = journal_files(tmp_path)
    whole = [line for line in file.path.read_bytes().splitlines() if line.endswith(b"}")]
    assert [json.loads(line) for line in whole] == [{"type": "process"}, {"n": 1}, {"type": "process", "state": "end"}]


def test_a_vanished_folder_stops_recording(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The process that opened the run warns of it, once: see the tests of the launcher."""
    caplog.set_level("INFO", "tachograph")
    writer = JournalWriter(tmp_path / "gone", header)
    assert [writer.write(b"{}\n"), writer.write(b"{}\n")] == [False, False]
    assert (writer.dropped, writer.opened) == (2, False)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    writer.close(b"{}\n")
    assert not (tmp_path / "gone").exists()


def test_a_folder_that_is_no_folder_any_more_stops_recording_likewise(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "tachograph")
    (tmp_path / "file").write_text("")
    assert not JournalWriter(tmp_path / "file", header).write(b"{}\n")
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_any_other_failure_to_open_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert not JournalWriter(tmp_path / ("long" * 70), header).write(b"{}\n")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_forked_child_has_a_journal_of_its_own(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, header)
    writer.write(b'{"type":"event","who":"parent"}\n')
    child = os.fork()
    if child == 0:
        writer.after_fork()
        writer.write(b'{"type":"event","who":"child"}\n')
        os._exit(0)
    os.waitpid(child, 0)
    writer.write(b'{"type":"event","who":"parent"}\n')
    by_pid = {parts[0].pid: lines(parts[0].path)[1:] for parts in journal_files(tmp_path)}
    assert by_pid == {
        os.getpid(): [{"type": "event", "who": "parent"}] * 2,
        child: [{"type": "event", "who": "child"}],
    }
    alive = {parts[0].pid: is_alive(parts) for parts in journal_files(tmp_path)}
    assert alive == {os.getpid(): True, child: False}
    writer.close()
    assert not any(is_alive(parts) for parts in journal_files(tmp_path))
