"""The command keeps what is its own: exit code, streams, descriptors, environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.journal import run_dirs

if TYPE_CHECKING:
    from .conftest import Launcher

EVERY_BYTE = bytes(range(256)) * 1000


def test_streams_pass_byte_for_byte(launcher: Launcher) -> None:
    program = "import os, sys\ndata = sys.stdin.buffer.read()\nos.write(2, data[::-1])\nsys.stdout.buffer.write(data)"
    done = launcher.python(program, stdin=EVERY_BYTE)
    assert (done.returncode, done.stdout, done.stderr) == (0, EVERY_BYTE, EVERY_BYTE[::-1])


@pytest.mark.parametrize(
    ("code", "outcome"), [(0, "completed"), (1, "failed"), (7, "failed"), (130, "interrupted"), (255, "failed")]
)
def test_exit_codes(launcher: Launcher, code: int, outcome: str) -> None:
    assert launcher.run("sh", "-c", f"exit {code}").returncode == code
    end = {"outcome": outcome, "reason": None, "exit_code": code, "signal": None}
    assert launcher.recorded().end() == end


def test_arguments_pass_as_they_are(launcher: Launcher) -> None:
    words = ["--level", "off", "--", "", "a b", "\udcff", "-h", "--help"]
    done = launcher.run(sys.executable, "-c", "import sys; print(ascii(sys.argv[1:]))", *words)
    assert done.stdout.decode() == ascii(words) + "\n"


def test_a_command_needs_no_dashes_before_it(launcher: Launcher) -> None:
    words = [*launcher.words()[:-1], "sh", "-c", "exit 4", "--quiet"]
    assert subprocess.run(words, env=launcher.environ, check=False).returncode == 4


def test_commands_that_do_not_exist(launcher: Launcher) -> None:
    done = launcher.run("no-such-command")
    assert (done.returncode, done.stderr) == (
        127,
        b'tacho: command not found: "no-such-command". Check its spelling, or give its path\n',
    )
    assert list(run_dirs(launcher.base)) == []


def test_commands_that_cannot_be_run(launcher: Launcher) -> None:
    file = launcher.program("text")
    done = launcher.run(file)
    assert (done.returncode, done.stderr) == (
        126,
        f"tacho: {file} is not executable. Make it so: chmod +x {file}\n".encode(),
    )
    done = launcher.run(launcher.folder)
    assert (done.returncode, done.stderr) == (126, f"tacho: {launcher.folder} is a folder. Name a program\n".encode())
    file.write_text("#!/no/such/interpreter\n")
    file.chmod(0o755)
    done = launcher.run(file)
    expected = (
        f"tacho: {file} cannot be run: the interpreter that its first line names does not exist. Correct that line\n"
    )
    assert (done.returncode, done.stderr) == (126, expected.encode())
    assert launcher.recorded().end()["exit_code"] == 126


def test_a_script_without_an_interpreter_line_runs_in_the_shell(launcher: Launcher) -> None:
    script = launcher.program('echo "$0 $1"; exit 3\n', "script")
    script.chmod(0o755)
    done = launcher.run("./script", "one")
    assert (done.returncode, done.stdout) == (3, b"./script one\n")


def test_the_line_at_the_end_is_for_terminals_only(launcher: Launcher) -> None:
    done = launcher.run("true")
    assert (done.stdout, done.stderr) == (b"", b"")
    assert (launcher.recorded().run_dir / "report.json").exists()


def test_descriptors_of_the_caller_stay_open(launcher: Launcher) -> None:
    reading, writing = os.pipe()
    try:
        done = launcher.run(
            sys.executable, "-c", f"import os; os.write({writing}, b'through the pipe')", pass_fds=[writing]
        )
        assert done.returncode == 0
        assert os.read(reading, 100) == b"through the pipe"
    finally:
        os.close(reading)
        os.close(writing)


LIST_DESCRIPTORS = "import os; print(sorted(os.listdir('/proc/self/fd'), key=int))"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which descriptors are open")
def test_the_command_gets_no_descriptor_of_ours(launcher: Launcher) -> None:
    plain = subprocess.run(
        [sys.executable, "-c", LIST_DESCRIPTORS], stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    assert launcher.run(sys.executable, "-c", LIST_DESCRIPTORS).stdout == plain.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_stay_closed(launcher: Launcher, closed: str) -> None:
    found = launcher.folder / "found"
    program = launcher.program(
        "import os\n"
        "def is_open(fd):\n"
        "    try: os.fstat(fd)\n"
        "    except OSError: return False\n"
        "    return True\n"
        f"with open({str(found)!r}, 'w') as file: pass\n"
        f"state = [is_open(fd) for fd in (0, 1, 2)]\n"
        f"with open({str(found)!r}, 'w') as file: file.write(repr(state))\n"
    )
    line = f'exec "$@" {closed}'
    words = ["sh", "-c", line, "sh", *launcher.words(sys.executable, program)]
    assert subprocess.run(words, env=launcher.environ, check=False, capture_output=True).returncode == 0
    expected = ["<&-" not in closed, " >&-" not in f" {closed}", "2>&-" not in closed]
    assert found.read_text() == repr(expected)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is ignored and blocked")
def test_ignored_signals_and_the_mask_are_a_shells(launcher: Launcher) -> None:
    ignoring = ["sh", "-c", 'trap "" USR1; exec "$@"', "sh"]
    asking = ["sh", "-c", "grep -E '^Sig(Ign|Blk)' /proc/self/status"]
    found: list[list[int]] = []
    for words in ([*ignoring, *asking], [*ignoring, *launcher.words(*asking)]):
        done = subprocess.run(words, env=launcher.environ, capture_output=True, check=True)
        # Signals 32 and 33 are the C library's own; its posix_spawn ignores them, and its start sets them again.
        found.append([int(line.split()[1], 16) & 0x7FFFFFFF for line in done.stdout.splitlines()])
    assert found[1] == found[0]


def test_what_children_are_handed(launcher: Launcher) -> None:
    program = "import json, os, sys; print(json.dumps([dict(os.environ), sys.path]))"
    done = launcher.run(sys.executable, "-c", program, env={"PYTHONPATH": "/one:/two", "TRACESTATE": "a=b"})
    environ: dict[str, str]
    environ, path = json.loads(done.stdout)
    recorded = launcher.recorded()
    assert environ["TACHOGRAPH_RUN"] == recorded.records("run")[0]["run"]
    assert environ["TACHOGRAPH_RUN_DIR"] == str(recorded.run_dir)
    assert json.loads(environ["TACHOGRAPH_SETTINGS"])["directory"] == str(launcher.base)
    hook, *others = environ["PYTHONPATH"].split(os.pathsep)
    assert ((Path(hook) / "sitecustomize.py").is_file(), others) == (True, ["/one", "/two"])
    assert hook not in path
    assert path[1:3] == ["/one", "/two"]
    version, trace_id, span_id, flags = environ["TRACEPARENT"].split("-")
    assert (version, len(trace_id), len(span_id), flags) == ("00", 32, 16, "01")
    assert "TRACESTATE" not in environ


@pytest.mark.parametrize(
    ("given", "joined"),
    [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", True),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-a7", True),
        ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", True),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", False),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", False),
        ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", False),
        ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", False),
        ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", False),
        ("nonsense", False),
    ],
)
def test_the_trace_of_the_caller_is_joined(launcher: Launcher, given: str, joined: bool) -> None:
    done = launcher.run("sh", "-c", 'echo "$TRACEPARENT $TRACESTATE"', env={"TRACEPARENT": given, "TRACESTATE": "a=b"})
    handed, _, state = done.stdout.decode().rstrip("\n").partition(" ")
    (run,) = [record for record in launcher.recorded().records("run") if record["state"] == "start"]
    version, trace_id, span_id, flags = given.split("-")[:4] if joined else ("", run["trace_id"], None, "01")
    del version
    own = {key: run.get(key) for key in ("trace_id", "parent_id", "sampled")}
    assert own == {"trace_id": trace_id, "parent_id": span_id, "sampled": None if int(flags, 16) & 1 else False}
    assert (handed, state) == (f"00-{trace_id}-{run['span_id']}-{flags}", "a=b" if joined else "")


def test_level_off_records_nothing(launcher: Launcher) -> None:
    program = (
        "import os, tachograph\n"
        "print(tachograph.start(), os.environ.get('TACHOGRAPH_RUN'), os.environ.get('PYTHONPATH'))"
    )
    done = launcher.python(program, options=["--level", "off"])
    assert (done.returncode, done.stdout, done.stderr) == (0, b"None None None\n", b"")
    assert not launcher.base.exists()
    assert launcher.run("no-such-command", options=["--level", "off"]).returncode == 127


def test_a_run_within_a_run_is_a_part_of_it(launcher: Launcher) -> None:
    inner = launcher.words(sys.executable, "-c", "import tachograph\nwith tachograph.phase('inner'): pass\nexit(9)")
    done = launcher.run("env", "-u", "PYTHONPATH", *inner)
    assert done.returncode == 9
    recorded = launcher.recorded()
    assert recorded.spans() == ["inner"]
    assert len(recorded.journals) == 2


def test_a_folder_that_cannot_be_written(launcher: Launcher) -> None:
    launcher.base.write_text("a file stands in the way")
    done = launcher.run("echo", "hello")
    assert (done.returncode, done.stdout) == (125, b"")
    assert done.stderr.decode() == (
        f"tacho: the run cannot be kept in {launcher.base}: File exists ({launcher.base}). "
        "Choose another folder with --dir, or run without recording: --level off\n"
    )


def test_bad_options(launcher: Launcher) -> None:
    done = launcher.run("true", options=["--level", "loud"])
    message = b"tacho: --level must be one of off, error, info, debug, not 'loud'\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["sh", "-c", "exit 0"], "sh"),
        ([sys.executable, "-c", "pass"], "python -c"),
        (["python3", "-X", "utf8", "-W", "error", "{program}"], "program.py"),
        ([sys.executable, "-m", "this"], "this"),
    ],
)
def test_the_name_of_a_run(launcher: Launcher, command: list[str], name: str) -> None:
    program = launcher.program("pass")
    words = [word.format(program=program) for word in command]
    assert launcher.run(*words).returncode == 0
    facts: dict[str, Any] = launcher.recorded().facts()
    assert facts["name"].replace("python3.11", "python") == name
    assert (facts["command"], facts["directory"]) == (words, str(launcher.folder))


def test_a_name_that_was_given(launcher: Launcher) -> None:
    launcher.run("true", options=["--name", "nightly"])
    assert launcher.recorded().facts()["name"] == "nightly"
