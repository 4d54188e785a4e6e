"""An interactive command: the terminal is its own, with job control, window size and the line at the end."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .conftest import Launcher


class Terminal:
    """A program on a terminal of its own, and a person in front of it."""

    def __init__(self, command: Sequence[str], environ: dict[str, str], folder: Path) -> None:
        self.ours, theirs = pty.openpty()
        termios.tcsetwinsize(self.ours, (31, 117))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ON_TERMINAL, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            cwd=folder,
            env={**environ, "TERM": "dumb", "PS1": "ready> "},
        )
        os.close(theirs)
        self.seen = ""
        os.set_blocking(self.ours, False)

    def until(self, pattern: str) -> str:
        """Read until something is shown; what was shown up to its end."""
        limit = time.monotonic() + 40
        while True:
            found = re.search(pattern, self.seen)
            if found:
                shown, self.seen = self.seen[: found.end()], self.seen[found.end() :]
                return shown
            assert time.monotonic() < limit, f"{pattern!r} was not shown: {self.seen!r}"
            try:
                self.seen += os.read(self.ours, 65536).decode()
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                # The other end is closed.
                assert re.search(pattern, self.seen), self.seen

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self.ours, text.encode())

    def close(self) -> None:
        """Hang up."""
        os.close(self.ours)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)


_ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""

PROGRAM = """
import os, signal, sys
print("ttys", [os.isatty(fd) for fd in (0, 1, 2)], tuple(os.get_terminal_size()))
signal.signal(signal.SIGWINCH, lambda *_: print("resized", tuple(os.get_terminal_size())))
signal.signal(signal.SIGINT, lambda *_: print("one interrupt"))
while True:
    line = input("? ")
    if line == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
        print("continued")
    elif line == "quit":
        sys.exit(3)
    else:
        print("you said", line)
"""


@pytest.fixture
def shell(launcher: Launcher) -> Iterator[Terminal]:
    """An interactive shell with job control on a terminal."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no shell with job control")
    made = Terminal([bash, "--norc", "--noprofile", "-i"], launcher.environ, launcher.folder)
    made.until("ready> ")
    yield made
    made.close()


def start(shell: Terminal, launcher: Launcher) -> None:
    """Run the program under the launcher from the shell."""
    program = launcher.program(PROGRAM)
    shell.type(" ".join(launcher.words(sys.executable, "-u", program)) + "\n")
    assert "ttys [True, True, True] (117, 31)" in shell.until(r"\? ")


def test_a_session(shell: Terminal, launcher: Launcher) -> None:
    start(shell, launcher)
    shell.type("hello\n")
    shell.until(r"you said hello\r\n\? ")
    termios.tcsetwinsize(shell.ours, (20, 60))
    shell.until(r"resized \(60, 20\)")
    shell.type("\x03")
    shell.until("one interrupt")
    shell.type("quit\n")
    shown = shell.until("ready> ")
    (run_dir,) = launcher.base.glob("runs/*/*")
    line = rf"tacho: failed \(exit code 3\) after \S+\. See: tacho show {run_dir.name} --dir {launcher.base}\r\n"
    assert re.search(line, shown), shown
    shell.type("echo code $?\n")
    shell.until(r"code 3\r\n")


def test_an_interrupt_arrives_once(shell: Terminal, launcher: Launcher) -> None:
    start(shell, launcher)
    shell.type("\x03")
    shell.until("one interrupt")
    shell.type("quit\n")
    assert "one interrupt" not in shell.until("ready> ")


@pytest.mark.parametrize("how", ["\x1a", "stop\n"], ids=["Ctrl-Z", "stops itself"])
def test_stop_and_foreground(shell: Terminal, launcher: Launcher, how: str) -> None:
    start(shell, launcher)
    shell.type(how)
    shell.until(r"Stopped.*\r\n(.|\n)*ready> ")
    shell.type("fg\n")
    shell.until(r"tacho run.*\r\n")
    shell.type("hello\n")
    shell.until(r"you said hello")
    shell.type("quit\n")
    shell.until("ready> ")
    shell.type("echo code $?\n")
    shell.until(r"code 3\r\n")


def test_the_default_of_an_interrupt(shell: Terminal, launcher: Launcher) -> None:
    shell.type(" ".join(launcher.words("sh", "-c", "'echo started; exec sleep 60'")) + "\n")
    shell.until("\nstarted")
    shell.type("\x03")
    assert "tacho: interrupted (SIGINT) after" in shell.until(r"ready> ")
    shell.type("echo code $?\n")
    shell.until(r"code 130\r\n")


def test_quiet(shell: Terminal, launcher: Launcher) -> None:
    shell.type(" ".join(launcher.words("true", options=["--quiet"])) + " ; echo do''ne\n")
    assert "tacho: " not in shell.until("done")


def test_a_hang_up_reaches_the_command(launcher: Launcher) -> None:
    """The launcher leads its session, as under `setsid` or in a container: the kernel tells the leader alone."""
    mark = launcher.folder / "hung-up"
    program = launcher.program(
        "import pathlib, signal, time\n"
        f"signal.signal(signal.SIGHUP, lambda *_: (pathlib.Path({str(mark)!r}).touch(), exit(4)))\n"
        "print('started', flush=True)\n"
        "time.sleep(60)\n"
    )
    terminal = Terminal(launcher.words(sys.executable, program), launcher.environ, launcher.folder)
    terminal.until("started\r\n")
    os.close(terminal.ours)
    assert terminal.process.wait(30) == 4
    assert mark.exists()
