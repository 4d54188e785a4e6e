"""How a run and its processes ended, where the launcher or a worker had no chance to record it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.report import fold

from .conftest import TACHO

if TYPE_CHECKING:
    from .conftest import Launcher, Started

METHODS = ("fork", "spawn", "forkserver")
KILLED = "the launcher was killed, so the exit code is not known"


def _kill(launcher: Launcher, process: Started) -> None:
    """Kill a launcher whose command has printed that it is ready and waits for a line; let that go on."""
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"ready\n"
    # The command is started before the launcher's journal is.
    launcher.wait_until(lambda: bool(launcher.recorded().records("run")))
    process.kill()
    process.wait(30)
    process.stdin.write(b"go on\n")
    process.stdin.flush()
    process.stdout.read()


def _read(launcher: Launcher, *words: str) -> str:
    done = subprocess.run(
        [TACHO, *words, "--dir", launcher.base], env=launcher.environ, capture_output=True, text=True, check=True
    )
    return done.stdout


# The launcher is killed

WAITING = """
import os, sys, tachograph
with tachograph.phase("before"): pass
print("ready", flush=True)
sys.stdin.readline()
with tachograph.phase("after"):
    {then}
"""


@pytest.mark.parametrize(
    ("then", "status", "reason"),
    [
        ("pass", "completed", KILLED),
        ("raise ValueError('wrong')", "failed", f"ValueError; {KILLED}"),
        ("raise KeyboardInterrupt", "interrupted", f"KeyboardInterrupt; {KILLED}"),
        ("os.kill(os.getpid(), 9)", "crashed", "neither the launcher nor the command's process recorded how it ended"),
        ("os._exit(0)", "crashed", "neither the launcher nor the command's process recorded how it ended"),
    ],
)
def test_a_run_goes_on_without_its_launcher(launcher: Launcher, then: str, status: str, reason: str) -> None:
    program = launcher.program(WAITING.replace("{then}", then))
    with launcher.start(sys.executable, program, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        _kill(launcher, process)
        # The command is another process's child now; it has ended once the last of its descriptors is closed.
        launcher.wait_until(lambda: fold(launcher.recorded().run_dir).outcome.status != "running")
    report = fold(launcher.recorded().run_dir)
    assert report.outcome.model_dump() == {"status": status, "reason": reason, "exit_code": None, "signal": None}
    assert [(p.role, p.end) for p in report.processes] == [
        ("launcher", "lost"),
        (None, "lost" if status == "crashed" else "ended"),
    ]
    shown = _read(launcher, "show")
    assert re.search(rf"^program\.py  {status} (in|after) ", shown)
    assert f"  reason    {reason}" in re.sub(r"\n {12}", " ", shown)
    (row,) = json.loads(_read(launcher, "list", "--json"))
    assert (row["status"], row["reason"]) == (status, reason)


def test_a_command_that_is_no_python_goes_on_without_its_launcher(launcher: Launcher) -> None:
    with launcher.start("sh", "-c", "echo ready; read line; exit 3", stdin=subprocess.PIPE) as process:
        _kill(launcher, process)
    assert fold(launcher.recorded().run_dir).outcome.model_dump() == {
        "status": "crashed",
        "reason": "the launcher was killed; the command's own process recorded nothing",
        "exit_code": None,
        "signal": None,
    }


# Children of multiprocessing

START = """
import atexit, multiprocessing, os, signal, sys, time
from concurrent.futures import ProcessPoolExecutor
from tachograph import phase
def work(name):
    with phase(name):
        return name
def slow(queue):
    work("slow")
    queue.put("idle")
    time.sleep(60)
def busy(queue):
    with phase("busy"):
        queue.put("busy")
        time.sleep(60)
def fail(name):
    work(name)
    raise ValueError(name)
def leave(code):
    work("leaves")
    os._exit(code)
def die(number):
    with phase("dies"):
        os.kill(os.getpid(), number)
def run(target, *args, **more):
    process = context.Process(target=target, args=args, **more)
    process.start()
    return process
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    queue = context.SimpleQueue()
"""

PROCESSES: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "returns": ("run(work, 'a').join()", [("ended", 0, None)]),
    "is not joined": ("run(work, 'a')", [("ended", 0, None)]),
    "fails": ("run(fail, 'a').join()", [("ended", 1, None)]),
    "exits": ("run(leave, 3).join()", [("ended", 3, None)]),
    "is terminated": ("p = run(slow, queue); queue.get(); p.terminate(); p.join()", [("ended", None, "SIGTERM")]),
    "is cut off": ("p = run(busy, queue); queue.get(); p.terminate(); p.join()", [("killed", None, "SIGTERM")]),
    "is killed": ("p = run(slow, queue); queue.get(); p.kill(); p.join()", [("killed", None, "SIGKILL")]),
    "crashes": ("run(die, signal.SIGSEGV).join()", [("killed", None, "SIGSEGV")]),
    "is a daemon": ("run(slow, queue, daemon=True); queue.get()", [("ended", None, "SIGTERM")]),
}


def _children(launcher: Launcher) -> list[tuple[Any, ...]]:
    """How each process but the launcher and the command ended."""
    report = fold(launcher.recorded().run_dir)
    _, command, *_ = sorted(report.processes, key=lambda process: (process.role is None, process.pid))
    assert command.end == "ended"
    children = [p for p in report.processes if p.role is None and p.pid != command.pid]
    assert report.dropped.missing_ends == sum(process.end in {"killed", "lost"} for process in children)
    return [(process.end, process.exit_code, process.signal) for process in children]


def _record(launcher: Launcher, method: str, program: str) -> None:
    """Record a program whose output has to be what it is without."""
    file = launcher.program(START + "".join(f"    {line}\n" for line in program.splitlines()))
    done = launcher.run(sys.executable, file, method)
    plain = subprocess.run(
        [sys.executable, file, method], cwd=launcher.folder, env=launcher.environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", PROCESSES)
def test_a_process(launcher: Launcher, method: str, case: str) -> None:
    program, expected = PROCESSES[case]
    _record(launcher, method, program)
    assert _children(launcher) == expected


POOLS = {
    "left": "with context.Pool(2) as pool: pool.map(work, 'abcd')",
    "closed": "pool = context.Pool(2); pool.map(work, 'abcd'); pool.close(); pool.join()",
    "terminated": "pool = context.Pool(2); pool.map(work, 'abcd'); pool.terminate(); pool.join()",
    "forgotten": "pool = context.Pool(2); pool.map(work, 'abcd')",
    "executor": "with ProcessPoolExecutor(2, context) as pool: list(pool.map(work, 'abcd'))",
    "executor forgotten": "pool = ProcessPoolExecutor(2, context); list(pool.map(work, 'abcd'))",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", POOLS)
def test_a_pool(launcher: Launcher, method: str, case: str) -> None:
    """A worker is terminated, or leaves in time by itself; either way its end is in order."""
    _record(launcher, method, POOLS[case])
    ends = _children(launcher)
    assert set(ends) <= {("ended", 0, None), ("ended", None, "SIGTERM")}
    assert 1 <= len(ends) <= 2


def test_what_handlers_at_exit_record_is_kept(launcher: Launcher) -> None:
    """Also where `multiprocessing` was told to end before them; and it has ended its children by the end of ours."""
    program = """
from multiprocessing import util
atexit.register(work, "handler")
util.get_logger()
run(slow, queue, daemon=True)
queue.get()
"""
    _record(launcher, "fork", program)
    assert launcher.recorded().spans() == ["handler", "slow"]
    assert _children(launcher) == [("ended", None, "SIGTERM")]


def test_children_forked_by_hand_record_their_end(launcher: Launcher) -> None:
    program = """
work("before")
if pid := os.fork():
    os.waitpid(pid, 0)
else:
    work("forked")
    sys.exit(0)
"""
    _record(launcher, "fork", program)
    assert _children(launcher) == [("ended", None, None)]


WAITS = """
import traceback
from multiprocessing import popen_fork
class Alarm(Exception):
    pass
def wait(process, patience):
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        process.join(patience)
    except Alarm as error:
        print(*(frame.name for frame in traceback.extract_tb(error.__traceback__)), error.__context__, flush=True)
def alarm(number, frame):
    raise Alarm
signal.signal(signal.SIGALRM, alarm)
process = run(slow, queue)
queue.get()
wait(process, None)
print(process._popen.poll(), process.exitcode, popen_fork.Popen.poll.__name__)
process.terminate()
process.join()
print(process._popen.poll(), process.exitcode)
"""


@pytest.mark.parametrize("method", METHODS)
def test_waiting_for_a_child_is_what_it_is_alone(launcher: Launcher, method: str) -> None:
    """Also its traceback, where it is interrupted: the output is compared with that of the program alone."""
    _record(launcher, method, WAITS)
    assert _children(launcher) == [("ended", None, "SIGTERM")]


SERVED = """
import signal, sys
import uvicorn.server
from tachograph import phase
def handled(number, frame):
    raise TimeoutError
def send(handler):
    with phase(f"before {handler}"): pass
    signal.signal(signal.SIGTERM, handler)
    try:
        uvicorn.server.signal.raise_signal(signal.SIGTERM)
    except TimeoutError as error:
        print(error.__traceback__.tb_next.tb_frame.f_code.co_name, flush=True)
    with phase(f"after {handler}"): pass
send(signal.SIG_IGN)
send(handled)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
send(signal.SIG_DFL)
print(uvicorn.server.signal.SIGTERM is signal.SIGTERM, uvicorn.server.signal.getsignal(signal.SIGINT).__name__)
print("end", flush=True)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
print("never")
"""


def test_a_server_that_survives_its_signal_goes_on_recording(launcher: Launcher) -> None:
    done = launcher.python(SERVED)
    assert (done.returncode, done.stderr) == (-15, b"")
    assert done.stdout == b"handled\nTrue default_int_handler\nend\n"
    spans = [name for name in launcher.recorded().spans() if name.startswith("after")]
    assert len(spans) == 3


@pytest.mark.parametrize(("leaves", "end"), [("os._exit(4)", ("ended", 4, None)), ("os.kill(os.getpid(), 15)", None)])
def test_the_launcher_knows_how_its_command_ended(
    launcher: Launcher, leaves: str, end: tuple[str, int, None] | None
) -> None:
    launcher.python(f"import os, tachograph\nwith tachograph.phase('work'): pass\n{leaves}")
    report = fold(launcher.recorded().run_dir)
    process = report.processes[-1]
    assert (process.end, process.exit_code, process.signal) == (end or ("killed", None, "SIGTERM"))
