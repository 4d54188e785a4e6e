"""Errors that no code handles: recorded once, whatever the program has put in the place of its hooks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Launcher

OWN_HOOKS = """
import sys, threading
%s
sys.excepthook = lambda kind, error, trace: print("mine", error)
threading.excepthook = lambda args: print("mine too", args.exc_value)
def work(): raise LookupError("in a thread")
thread = threading.Thread(target=work)
thread.start()
thread.join()
raise ValueError("at the end")
"""


@pytest.mark.parametrize("uses", ["pass", "from opentelemetry import trace"], ids=["nothing else", "the API"])
def test_errors_that_the_program_has_hooks_for(launcher: Launcher, uses: str) -> None:
    done = launcher.python(OWN_HOOKS % uses)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"mine too in a thread\nmine at the end\n", b"")
    errors = launcher.recorded().errors()
    assert [(error["type"], error["message"], error["handled"]) for error in errors] == [
        ("LookupError", "in a thread", False),
        ("ValueError", "at the end", False),
    ]


def test_an_error_that_is_handed_to_the_hook_by_hand_is_handled(launcher: Launcher) -> None:
    done = launcher.python(
        """
        import sys
        from opentelemetry import trace
        trace.get_tracer("program").start_span("work").end()
        try:
            1 / 0
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        print("goes on")
        """.replace("\n        ", "\n")
    )
    assert (done.returncode, done.stdout) == (0, b"goes on\n")
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")
    assert launcher.recorded().errors() == []


@pytest.mark.parametrize(
    "start",
    [
        "threading.Thread(target=wait).start()",
        "ThreadPoolExecutor(1).submit(wait)",
        "pool = multiprocessing.get_context('fork'); pool = ProcessPoolExecutor(1, pool); pool.submit(wait)",
    ],
    ids=["a thread", "a pool", "a pool of processes"],
)
def test_an_error_is_on_disk_while_the_program_waits_for_a_thread(launcher: Launcher, start: str) -> None:
    program = launcher.program(
        f"""
import multiprocessing, threading, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
def wait(): time.sleep(600)
{start}
raise ValueError("the main thread ends")
"""
    )
    with launcher.start(sys.executable, program) as process:
        launcher.wait_until(lambda: any(b'"error"' in path.read_bytes() for path in launcher.base.rglob("*.jsonl")))
        children = launcher.recorded().children()
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        for child in children:
            os.kill(child[0]["pid"], signal.SIGKILL)
    assert [error["message"] for error in launcher.recorded().errors()] == ["the main thread ends"]


def test_an_interactive_interpreter_goes_on_after_an_error(launcher: Launcher) -> None:
    done = launcher.run(sys.executable, "-i", "-q", stdin=b"1 / 0\nprint('goes on')\n")
    assert (done.returncode, done.stdout) == (0, b"goes on\n")
    recorded = launcher.recorded()
    assert [error["type"] for error in recorded.errors()] == ["ZeroDivisionError"]
    assert recorded.end()["outcome"] == "completed"


KEPT = """
import sys, tachograph
tachograph.start(directory=sys.argv[1])
%s
"""


@pytest.mark.parametrize(
    ("ending", "code", "status"),
    [
        ("try: 1 / 0\nexcept ZeroDivisionError as error: sys.last_value = error", 0, "completed"),
        ("try: 1 / 0\nexcept ZeroDivisionError as error: sys.last_value = error\nsys.exit(0)", 0, "completed"),
        ("sys.last_value = 'not an error'", 0, "completed"),
        ("try: 1 / 0\nfinally: print('cleans up')", 1, "failed"),
        ("try: 1 / 0\nexcept ZeroDivisionError:\n    print('cleans up')\n    raise", 1, "failed"),
        ("with tachograph.phase('work'): 1 / 0", 1, "failed"),
        ("sys.excepthook = lambda kind, error, trace: error.with_traceback(None)\n1 / 0", 1, "failed"),
        ("import code, io\nsys.stdin = io.StringIO('')\ncode.interact(banner='', exitmsg='')\n1 / 0", 1, "failed"),
        ("raise KeyboardInterrupt", -signal.SIGINT, "interrupted"),
    ],
)
def test_what_the_interpreter_keeps_is_what_ended_the_program(
    launcher: Launcher, ending: str, code: int, status: str
) -> None:
    program = launcher.program(KEPT % ending)
    done = subprocess.run(
        [sys.executable, program, launcher.base], env=launcher.environ, capture_output=True, check=False
    )
    assert done.returncode == code
    recorded = launcher.recorded()
    assert recorded.end()["outcome"] == status
    assert len(recorded.errors()) == (status != "completed")


@pytest.mark.parametrize("uses", ["tachograph", "opentelemetry.trace", "openai, anthropic"])
def test_an_interrupted_program_ends_by_the_signal(launcher: Launcher, uses: str) -> None:
    done = launcher.python(f"import {uses}\nraise KeyboardInterrupt")
    assert (done.returncode, done.stderr.endswith(b"KeyboardInterrupt\n")) == (-signal.SIGINT, True)
    assert launcher.recorded().end()["signal"] == "SIGINT"


def test_an_error_of_a_thread_that_is_raised_again_is_one(launcher: Launcher) -> None:
    done = launcher.python(
        "from concurrent.futures import ProcessPoolExecutor\nimport threading\nkept = []\ndef work():\n    try: 1 / 0\n"
        "    except ZeroDivisionError as error:\n        kept.append(error)\n        raise\n"
        "thread = threading.Thread(target=work)\nthread.start()\nthread.join()\nraise kept[0]"
    )
    assert done.returncode == 1
    assert [error["type"] for error in launcher.recorded().errors()] == ["ZeroDivisionError"]


def test_errors_of_threads_that_look_the_same_are_all_recorded(launcher: Launcher) -> None:
    done = launcher.python(
        """
        import threading
        def work(): raise LookupError("the same")
        for _ in range(20):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        work()
        """.replace("\n        ", "\n")
    )
    assert done.returncode == 1
    assert [error["message"] for error in launcher.recorded().errors()] == ["the same"] * 21


def test_an_earlier_error_of_a_thread_that_is_raised_again_is_one(launcher: Launcher) -> None:
    done = launcher.python(
        """
        import threading
        kept = []
        def work(number):
            try:
                raise LookupError(number)
            except LookupError as error:
                kept.append(error)
                raise
        for number in range(5):
            thread = threading.Thread(target=work, args=(number,))
            thread.start()
            thread.join()
        raise kept[2]
        """.replace("\n        ", "\n")
    )
    assert done.returncode == 1
    assert [error["message"] for error in launcher.recorded().errors()] == ["0", "1", "2", "3", "4"]
