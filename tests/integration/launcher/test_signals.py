"""Signals reach the command once, and its death by one is passed on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Launcher

# Says when it is ready and then each signal it gets; SIGUSR2 ends it.
LISTENER = """
import os, signal, sys, time
def told(number, frame):
    os.write(1, (signal.Signals(number).name + "\\n").encode())
    if number == signal.SIGUSR2:
        os._exit(5)
for name in ("INT", "QUIT", "TERM", "HUP", "USR1", "USR2", "ALRM", "CONT", "WINCH"):
    signal.signal(getattr(signal, "SIG" + name), told)
os.write(1, f"{os.getpid()}\\n".encode())
while True:
    time.sleep(60)
"""

RELAYED = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGALRM", "SIGCONT", "SIGWINCH"]


def first_line(process: subprocess.Popen[bytes]) -> str:
    """The next line a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


def state(pid: int) -> str:
    """The state of a process as the kernel names it, e.g. S or T; nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def test_signals_sent_to_the_launcher_are_passed_on(launcher: Launcher) -> None:
    with launcher.start(sys.executable, launcher.program(LISTENER)) as process:
        first_line(process)
        for name in RELAYED:
            process.send_signal(getattr(signal, name))
            assert first_line(process) == name
        process.send_signal(signal.SIGUSR2)
        assert process.wait(30) == 5
    assert launcher.recorded().end()["exit_code"] == 5


def test_signals_the_caller_ignores_stay_ignored(launcher: Launcher) -> None:
    words = launcher.words("sh", "-c", "kill -HUP $PPID; kill -HUP $$; exit 6")
    done = subprocess.run(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *words], env=launcher.environ, check=False)
    assert done.returncode == 6


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("SIGTERM", "interrupted"),
        ("SIGINT", "interrupted"),
        ("SIGHUP", "interrupted"),
        ("SIGKILL", "crashed"),
        ("SIGSEGV", "crashed"),
        ("SIGABRT", "crashed"),
        ("SIGPIPE", "failed"),
    ],
)
def test_a_command_that_a_signal_ends(launcher: Launcher, name: str, outcome: str) -> None:
    number = getattr(signal, name)
    done = launcher.run("sh", "-c", f"ulimit -c 0; kill -{number} $$")
    assert (done.returncode, done.stderr) == (-number, b"")
    assert launcher.recorded().end() == {"outcome": outcome, "reason": None, "exit_code": None, "signal": name}


def test_a_keyboard_interrupt_of_python(launcher: Launcher) -> None:
    program = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)"
    done = launcher.python(program)
    assert done.returncode == -signal.SIGINT
    assert done.stderr.endswith(b"KeyboardInterrupt\n")
    recorded = launcher.recorded()
    assert recorded.end()["outcome"] == "interrupted"
    assert [error["type"] for error in recorded.errors()] == ["KeyboardInterrupt"]


def test_a_signal_to_the_whole_group_reaches_the_command(launcher: Launcher) -> None:
    program = launcher.program("import os, time\nos.write(1, b'ready\\n')\ntime.sleep(60)")
    with launcher.start(sys.executable, program, process_group=0) as process:
        assert first_line(process) == "ready"
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(30) == -signal.SIGTERM
    assert launcher.recorded().end()["signal"] == "SIGTERM"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the state of a process")
def test_a_command_that_is_stopped_from_outside_goes_on(launcher: Launcher) -> None:
    with launcher.start(sys.executable, launcher.program(LISTENER)) as process:
        child = int(first_line(process))
        os.kill(child, signal.SIGSTOP)
        launcher.wait_until(lambda: state(child) == "T")
        # Nobody does job control here: the launcher waits, and what is sent to it wakes the command.
        process.send_signal(signal.SIGCONT)
        assert first_line(process) == "SIGCONT"
        process.send_signal(signal.SIGUSR2)
        assert process.wait(30) == 5
