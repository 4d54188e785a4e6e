"""Ways to send a signal to a program that somebody has started, and programs that mind a second one."""

from __future__ import annotations

import os
import pty
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTED = """
import os, sys, time
try:
    os.write(1, b"ready\\n")
    time.sleep(60)
except KeyboardInterrupt:
    os.write(1, b"signal\\n")
    # A second one would end it here.
    time.sleep(0.3)
    os.write(1, b"finished\\n")
    sys.exit(44)
"""

GRACEFUL = """
import asyncio, os, signal, sys
async def main():
    stop = asyncio.Event()
    def handle():
        os.write(1, b"signal\\n")
        if stop.is_set():
            os._exit(9)
        stop.set()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, handle)
    os.write(1, b"ready\\n")
    await stop.wait()
    await asyncio.sleep(0.3)
    os.write(1, b"finished\\n")
asyncio.run(main())
sys.exit(44)
"""

FINISHED = (44, ["ready", "signal", "finished"])
"""What both come to after one signal."""

_ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Running:
    """A command in a process group of its own.

    Its own terminal is its standard input where a terminal is asked for.
    """

    def __init__(self, words: Sequence[str], environ: dict[str, str], folder: Path, *, terminal: bool = False) -> None:
        self.terminal, theirs = pty.openpty() if terminal else (-1, os.open(os.devnull, os.O_RDONLY))
        self.errors = folder / "errors"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-ISc", _ON_TERMINAL, *words] if terminal else words,
                env=environ,
                cwd=folder,
                stdin=theirs,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=terminal,
                process_group=None if terminal else 0,
            )
        os.close(theirs)
        # Before, nobody would get what is typed.
        while terminal and self.process.poll() is None and os.tcgetpgrp(self.terminal) != self.process.pid:
            time.sleep(0.001)

    def read_until(self, line: str) -> None:
        """Read up to a line."""
        assert self.process.stdout is not None
        while (read := self.process.stdout.readline().decode()) != line + "\n":
            assert read, self.errors.read_text()

    def result(self, limit_s: float = 30) -> tuple[int, list[str]]:
        """The exit code and the lines that were not read yet."""
        try:
            output, _ = self.process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self.end()
            return 999, ["hangs"]
        finally:
            if self.terminal != -1:
                os.close(self.terminal)
                self.terminal = -1
        return self.process.returncode, output.decode().splitlines()

    def end(self) -> None:
        """End all of the group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def members(group: int) -> list[int]:
    """The processes of a group, oldest first."""
    found: list[tuple[int, int]] = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == group and fields[0] != "Z":
                    found.append((int(fields[19]), int(folder.name)))
    return [pid for _, pid in sorted(found)]


def _to_each(order: Callable[[list[int]], list[int]]) -> Callable[[Running, int], None]:
    def send(running: Running, number: int) -> None:
        for pid in order(members(running.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    return send


def _to_group(running: Running, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(running.process.pid, number)


def _by_key(running: Running, _number: int) -> None:
    os.write(running.terminal, b"\x03")


def _as_timeout_does(running: Running, number: int) -> None:
    running.process.send_signal(number)
    _to_group(running, number)
    running.process.send_signal(signal.SIGCONT)
    _to_group(running, signal.SIGCONT)


SENDERS: dict[str, Callable[[Running, int], None]] = {
    "group": _to_group,
    "each, oldest first": _to_each(lambda pids: pids),
    "each, newest first": _to_each(lambda pids: pids[::-1]),
    "each, any order": _to_each(lambda pids: random.sample(pids, len(pids))),
    "leader": lambda running, number: running.process.send_signal(number),
    "leader and group": _as_timeout_does,
    "terminal": _by_key,
}


class Sending(NamedTuple):
    """A program, a signal, and how it is sent."""

    program: str
    sender: str
    number: signal.Signals

    def from_start(
        self, after_s: float, words: Sequence[str], environ: dict[str, str], folder: Path
    ) -> tuple[int, list[str]]:
        """Send it at a time after the start; the exit code and what the program printed."""
        if self.sender == "timeout":
            return Running(["timeout", "-s", self.number.name[3:], f"{after_s:.4f}", *words], environ, folder).result()
        running = Running(words, environ, folder, terminal=self.sender == "terminal")
        time.sleep(after_s)
        if running.process.poll() is None:
            SENDERS[self.sender](running, self.number)
        return running.result()

    def from_ready(
        self, after_s: float, words: Sequence[str], environ: dict[str, str], folder: Path
    ) -> tuple[int, list[str]]:
        """Send it at a time after the program is ready; the exit code and what the program printed."""
        running = Running(words, environ, folder, terminal=self.sender == "terminal")
        running.read_until("ready")
        time.sleep(after_s)
        SENDERS[self.sender](running, self.number)
        code, lines = running.result()
        return code, ["ready", *lines]


def time_to_ready(words: Sequence[str], environ: dict[str, str], folder: Path) -> float:
    """How long a program takes until it is ready."""
    began = time.monotonic()
    running = Running(words, environ, folder)
    running.read_until("ready")
    running.end()
    return time.monotonic() - began
