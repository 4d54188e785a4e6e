"""Errors that no code handles: recorded once, whatever the program has put in the place of its hooks."""

from __future__ import annotations

import os
import signal
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
    ["threading.Thread(target=wait).start()", "ThreadPoolExecutor(1).submit(wait)"],
    ids=["a thread", "a pool"],
)
def test_an_error_is_on_disk_while_the_program_waits_for_a_thread(launcher: Launcher, start: str) -> None:
    program = launcher.program(
        f"""
import threading, time
from concurrent.futures import ThreadPoolExecutor
def wait(): time.sleep(600)
{start}
raise ValueError("the main thread ends")
"""
    )
    with launcher.start(sys.executable, program) as process:
        launcher.wait_until(lambda: any(b'"error"' in path.read_bytes() for path in launcher.base.rglob("*.jsonl")))
        (child,) = launcher.recorded().children()
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        os.kill(child[0]["pid"], signal.SIGKILL)
    assert [error["message"] for error in launcher.recorded().errors()] == ["the main thread ends"]


def test_an_interactive_interpreter_goes_on_after_an_error(launcher: Launcher) -> None:
    done = launcher.run(sys.executable, "-i", "-q", stdin=b"1 / 0\nprint('goes on')\n")
    assert (done.returncode, done.stdout) == (0, b"goes on\n")
    recorded = launcher.recorded()
    assert [error["type"] for error in recorded.errors()] == ["ZeroDivisionError"]
    assert recorded.end()["outcome"] == "completed"
