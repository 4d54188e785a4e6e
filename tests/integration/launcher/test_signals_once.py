"""A signal that is sent to everybody reaches the command once, and one for the launcher alone reaches it too."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .senders import FINISHED, GRACEFUL, INTERRUPTED, SENDERS, Running, Sending, members, time_to_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Launcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc shows what a process was sent")

SENDINGS = [
    *(Sending(GRACEFUL, sender, signal.SIGTERM) for sender in (*SENDERS, "timeout") if sender != "terminal"),
    *(Sending(program, sender, signal.SIGINT) for program in (GRACEFUL, INTERRUPTED) for sender in SENDERS),
]
NAMES = {INTERRUPTED: "KeyboardInterrupt", GRACEFUL: "asyncio"}

COUNTER = """
import os, signal, time
def handle(number, frame):
    os.write(1, (signal.Signals(number).name + "\\n").encode())
    if number == signal.SIGUSR2:
        # What would come late has come.
        time.sleep(0.3)
        os._exit(5)
for name in ("INT", "QUIT", "TERM", "HUP", "USR1", "USR2", "ALRM", "CONT", "WINCH"):
    signal.signal(getattr(signal, "SIG" + name), handle)
os.write(1, b"ready\\n")
while True:
    time.sleep(60)
"""


def named(sending: Sending) -> str:
    """Its name."""
    return f"{NAMES[sending.program]}-{sending.number.name}-{sending.sender.replace(', ', ' ')}"


@pytest.fixture
def run(launcher: Launcher) -> Iterator[Callable[..., Running]]:
    """Starts commands that are recorded, and ends them with the test."""
    started: list[Running] = []

    def start(*command: str | Path, terminal: bool = False) -> Running:
        started.append(Running(launcher.words(*command), launcher.environ, launcher.folder, terminal=terminal))
        return started[-1]

    yield start
    for running in started:
        running.end()


@pytest.fixture
def counter(run: Callable[..., Running], launcher: Launcher) -> Running:
    """A program that prints the name of each signal it receives; SIGUSR2 ends it."""
    running = run(sys.executable, launcher.program(COUNTER))
    running.read_until("ready")
    return running


def witness(running: Running) -> int:
    """The witness of a run."""
    (pid,) = [pid for pid in members(running.process.pid) if words(pid)[:2] == ["sh", "-c"]]
    return pid


def words(pid: int) -> list[str]:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]


@pytest.mark.parametrize("sender", [name for name in SENDERS if name != "terminal"])
@pytest.mark.parametrize(("program", "number"), [(INTERRUPTED, signal.SIGINT), (GRACEFUL, signal.SIGTERM)])
def test_once(
    run: Callable[..., Running], launcher: Launcher, program: str, number: signal.Signals, sender: str
) -> None:
    running = run(sys.executable, launcher.program(program))
    running.read_until("ready")
    SENDERS[sender](running, number)
    assert running.result() == (FINISHED[0], FINISHED[1][1:])
    assert launcher.recorded().end()["exit_code"] == FINISHED[0]


def test_once_from_the_terminal(run: Callable[..., Running], launcher: Launcher) -> None:
    running = run(sys.executable, launcher.program(INTERRUPTED), terminal=True)
    running.read_until("ready")
    SENDERS["terminal"](running, signal.SIGINT)
    assert running.result() == (FINISHED[0], FINISHED[1][1:])


@pytest.mark.parametrize("sender", ["group", "leader", "each, newest first"])
def test_twice_is_twice(counter: Running, sender: str) -> None:
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        SENDERS[sender](counter, number)
        time.sleep(0.2)
    SENDERS[sender](counter, signal.SIGUSR2)
    assert counter.result() == (5, ["SIGINT", "SIGINT", "SIGTERM", "SIGUSR2"])


def test_each_is_judged_by_itself(counter: Running) -> None:
    sent = ["SIGTERM", "SIGHUP", "SIGCONT", "SIGWINCH", "SIGUSR1"]
    for sender, name in zip(("group", "leader") * 3, sent, strict=False):
        SENDERS[sender](counter, getattr(signal, name))
    time.sleep(0.2)
    counter.process.send_signal(signal.SIGUSR2)
    code, lines = counter.result()
    assert (code, sorted(lines)) == (5, sorted([*sent, "SIGUSR2"]))


def test_the_terminal_s_does_not_stand_for_a_later_one(run: Callable[..., Running], launcher: Launcher) -> None:
    running = run(sys.executable, launcher.program(COUNTER), terminal=True)
    running.read_until("ready")
    SENDERS["terminal"](running, signal.SIGINT)
    running.read_until("SIGINT")
    time.sleep(0.2)
    running.process.send_signal(signal.SIGINT)
    running.read_until("SIGINT")
    running.process.send_signal(signal.SIGUSR2)
    assert running.result() == (5, ["SIGUSR2"])


def test_one_that_the_command_sends_to_its_group(launcher: Launcher) -> None:
    program = """
import os, signal, subprocess, time
child = subprocess.Popen(["sleep", "60"])
before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.killpg(0, signal.SIGTERM)
child.wait()
signal.signal(signal.SIGTERM, before)
time.sleep(0.3)
print("goes on")
"""
    done = launcher.python(program, process_group=0)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"goes on\n", b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("option", ["--preserve-status", "--foreground"])
def test_timeout(launcher: Launcher, number: signal.Signals, option: str) -> None:
    program = launcher.program(GRACEFUL)
    begin = time_to_ready(launcher.words(sys.executable, program), launcher.environ, launcher.folder)
    words = ["timeout", option, "-s", number.name[3:], f"{3 * begin + 1}", *launcher.words(sys.executable, program)]
    code, lines = Running(words, launcher.environ, launcher.folder).result()
    assert (code, lines) == (44 if option == "--preserve-status" else 124, FINISHED[1])


@pytest.mark.parametrize("sender", ["group", "leader", "terminal"])
def test_a_command_that_leaves_the_group(run: Callable[..., Running], launcher: Launcher, sender: str) -> None:
    # Without a launcher it would lead the group, which a leader cannot leave.
    program = launcher.program("import os, time\nos.write(1, b'ready\\n')\ntime.sleep(60)")
    running = run("timeout", "50", sys.executable, program, terminal=sender == "terminal")
    running.read_until("ready")
    SENDERS[sender](running, signal.SIGINT)
    # As timeout ends where its command ends by a signal.
    assert running.result()[0] in (-signal.SIGINT, 128 + signal.SIGINT)


def test_a_group_that_the_launcher_does_not_lead(launcher: Launcher) -> None:
    # The command has moved out, and out of the reach of who signals the group, as it would without a launcher.
    program = launcher.program(
        "import os, time\nos.setpgid(0, 0)\nos.write(1, b'ready\\n')\ntime.sleep(1)\nos.write(1, b'finished\\n')"
    )
    words = ["sh", "-c", 'trap "" TERM; trap : USR1; "$@"; wait', "sh", *launcher.words(sys.executable, program)]
    running = Running(words, launcher.environ, launcher.folder)
    running.read_until("ready")
    SENDERS["group"](running, signal.SIGUSR1)
    assert running.result() == (0, ["finished"])


def test_the_witness_goes_by_the_words_of_the_command(run: Callable[..., Running], launcher: Launcher) -> None:
    program = launcher.program(GRACEFUL)
    running = run(sys.executable, program, "--for-all", "one two")
    running.read_until("ready")
    assert words(witness(running))[3:] == [sys.executable, str(program), "--for-all", "one two"]
    subprocess.run(["pkill", "-TERM", "-f", f"{program} --for-all"], check=True)
    assert running.result() == (FINISHED[0], FINISHED[1][1:])


def test_the_launcher_s_words_choose_the_launcher_alone(run: Callable[..., Running], launcher: Launcher) -> None:
    running = run("sh", "-c", "trap 'echo signal; exit 3' TERM; echo ready; while :; do sleep 0.1; done")
    running.read_until("ready")
    subprocess.run(["pkill", "-TERM", "-f", f"tacho run --dir {launcher.base}"], check=True)
    assert running.result() == (3, ["signal"])


def test_the_witness_holds_nothing_of_the_caller_s(launcher: Launcher) -> None:
    pipe, theirs = os.pipe()
    os.set_inheritable(theirs, True)
    command = launcher.words("sh", "-c", "echo out; echo err >&2; exec sleep 60")
    with subprocess.Popen(
        command,
        env=launcher.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(theirs,),
        process_group=0,
    ) as process:
        os.close(theirs)
        assert process.stdout is not None
        assert process.stdout.readline() == b"out\n"

        def witnesses() -> list[int]:
            return [pid for pid in members(process.pid) if words(pid)[:2] == ["sh", "-c"] and "read" in words(pid)[2]]

        # It is started after the command.
        launcher.wait_until(lambda: len(witnesses()) == 1)
        (pid,) = witnesses()
        files = sorted(str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir())
        assert files[:2] == [os.devnull, os.devnull]
        assert [file.partition(":")[0] for file in files[2:]] == ["pipe"]
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(30) == -signal.SIGTERM
        assert (process.stdout.read(), os.read(pipe, 1)) == (b"", b"")
    os.close(pipe)
    # It is reaped with the run.
    assert not Path(f"/proc/{pid}").exists()


def test_the_witness_ends_with_a_launcher_that_is_killed(counter: Running, launcher: Launcher) -> None:
    pid = witness(counter)
    counter.process.kill()
    counter.process.wait(30)
    launcher.wait_until(lambda: pid not in members(counter.process.pid))


def test_without_a_witness_all_is_passed_on(counter: Running, launcher: Launcher) -> None:
    pid = witness(counter)
    os.kill(pid, signal.SIGKILL)
    launcher.wait_until(lambda: not Path(f"/proc/{pid}").exists())
    counter.process.send_signal(signal.SIGTERM)
    counter.read_until("SIGTERM")
    counter.process.send_signal(signal.SIGUSR2)
    assert counter.result() == (5, ["SIGUSR2"])


def test_one_for_the_children_of_the_launcher_does_not_stand_for_a_later_one(counter: Running) -> None:
    for pid in members(counter.process.pid):
        if pid != counter.process.pid:
            os.kill(pid, signal.SIGHUP)
    counter.read_until("SIGHUP")
    time.sleep(6)
    counter.process.send_signal(signal.SIGHUP)
    counter.read_until("SIGHUP")
    counter.process.send_signal(signal.SIGUSR2)
    assert counter.result() == (5, ["SIGUSR2"])


def at_moments(launcher: Launcher, sending: Sending, count: int) -> None:
    """Send at many times; once the program is ready, it finishes."""
    program = launcher.program(sending.program)
    command = launcher.words(sys.executable, program)
    if sending.number == signal.SIGINT:
        # Before, Python itself may lose one: one of a hundred, also without a launcher.
        for _ in range(count):
            after_s = random.uniform(0, 0.1)
            assert sending.from_ready(after_s, command, launcher.environ, launcher.folder) == FINISHED, after_s
        return
    ready_s = time_to_ready(command, launcher.environ, launcher.folder)
    finished = (124 if sending.sender == "timeout" else FINISHED[0], FINISHED[1])
    for _ in range(count):
        after_s = random.uniform(0, 1.6 * ready_s)
        code, lines = sending.from_start(after_s, command, launcher.environ, launcher.folder)
        if (code, lines) != finished:
            errors = (launcher.folder / "errors").read_text()
            assert (code, lines) in [(-sending.number, []), (124, [])], (after_s, ready_s, errors)


@pytest.mark.parametrize("sending", random.Random(7).sample(SENDINGS, 10), ids=named)
def test_at_a_moment(launcher: Launcher, sending: Sending) -> None:
    at_moments(launcher, sending, 1)


@pytest.mark.moments
@pytest.mark.timeout(600)
@pytest.mark.parametrize("sending", SENDINGS, ids=named)
def test_at_many_moments(launcher: Launcher, sending: Sending) -> None:
    at_moments(launcher, sending, 10)
