"""Python processes below the command are recorded, however they were started, and only if there is something."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Launcher


def test_nothing_to_record_writes_nothing(launcher: Launcher) -> None:
    program = (
        "import sys, threading, json, subprocess\nprint('tachograph' in sys.modules, 'opentelemetry' in sys.modules)"
    )
    assert launcher.python(program).stdout == b"False False\n"
    recorded = launcher.recorded()
    assert recorded.children() == []
    assert recorded.end() == {"outcome": "completed", "reason": None, "exit_code": 0, "signal": None}


def test_plain_opentelemetry_is_recorded_in_the_callers_trace(launcher: Launcher) -> None:
    program = """
from opentelemetry import trace
with trace.get_tracer("mine").start_as_current_span("plain", attributes={"a": 1}):
    pass
"""
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    assert launcher.python(program, env={"TRACEPARENT": caller}).returncode == 0
    recorded = launcher.recorded()
    (span,) = recorded.records("span.end")
    (run,) = [record for record in recorded.records("run") if record["state"] == "start"]
    assert (run["trace_id"], run["parent_id"]) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    own = {key: span[key] for key in ("name", "scope", "trace_id", "parent_id", "attributes")}
    assert own == {
        "name": "plain",
        "scope": "mine",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "parent_id": run["span_id"],
        "attributes": {"a": 1},
    }


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("openai", "OpenAI({}).chat.completions.create(model='some-model', messages=[{}])"),
        ("anthropic", "Anthropic({}).messages.create(model='some-model', max_tokens=9, messages=[{}])"),
    ],
)
def test_a_client_is_recorded_from_its_import_on(launcher: Launcher, library: str, call: str) -> None:
    where = "base_url='http://127.0.0.1:9', api_key='none', max_retries=0"
    made = call.format(where, "{'role': 'user', 'content': 'hello'}")
    program = (
        f"import {library}\ntry:\n    {library}.{made}\nexcept {library}.APIConnectionError:\n    print('as it would')"
    )
    done = launcher.python(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"as it would\n", b"")
    recorded = launcher.recorded()
    assert recorded.spans() == ["POST", "chat some-model"]
    assert [record["parts"] for record in recorded.records("content")] == [[{"type": "text", "content": "hello"}]]


OWN_PROVIDER = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
class Theirs(SpanExporter):
    def export(self, spans): print("exported", [s.name for s in spans], flush=True)
    def shutdown(self): pass
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(Theirs()))
trace.set_tracer_provider(provider)
print(trace.get_tracer_provider() is provider)
with trace.get_tracer("mine").start_as_current_span("theirs"):
    pass
"""


def test_a_programs_own_provider_stays_and_is_recorded_once(launcher: Launcher) -> None:
    done = launcher.python(OWN_PROVIDER)
    assert (done.stdout, done.stderr) == (b"True\nexported ['theirs']\n", b"")
    assert launcher.recorded().spans() == ["theirs"]


def test_phases_facts_and_the_outcome_a_program_says(launcher: Launcher) -> None:
    program = """
import tachograph
with tachograph.phase("validation"):
    tachograph.event("decision", choice=3)
tachograph.describe(task="bug-7")
tachograph.outcome("blocked", "cost limit")
print(tachograph.start() is not None)
"""
    assert launcher.python(program).stdout == b"True\n"
    recorded = launcher.recorded()
    assert recorded.spans() == ["validation"]
    said = [record for record in recorded.records("run") if record["state"] in {"facts", "outcome"}]
    assert [record.get("facts") for record in said] == [{"task": "bug-7"}, None]
    assert [(record.get("outcome"), record.get("reason")) for record in said] == [
        (None, None),
        ("blocked", "cost limit"),
    ]


def test_an_error_that_escapes_is_recorded_and_printed(launcher: Launcher) -> None:
    program = "def inner():\n    raise ValueError('out of range')\ninner()\n"
    plain = subprocess.run([sys.executable, launcher.program(program)], capture_output=True, check=False)
    done = launcher.python(program)
    assert (done.returncode, done.stderr) == (1, plain.stderr)
    file = str(launcher.folder / "program.py")
    recorded = launcher.recorded()
    assert recorded.errors() == [
        {
            "type": "ValueError",
            "message": "out of range",
            "handled": False,
            "stack": [
                {"file": file, "line": 3, "function": "<module>", "source": "inner()"},
                {"file": file, "line": 2, "function": "inner", "source": "raise ValueError('out of range')"},
            ],
        }
    ]
    assert recorded.end() == {"outcome": "failed", "reason": None, "exit_code": 1, "signal": None}


def test_an_error_past_the_programs_own_hook(launcher: Launcher) -> None:
    program = "import sys\nsys.excepthook = lambda *_: print('mine')\n1 / 0\n"
    done = launcher.python(program)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"mine\n", b"")
    assert [error["type"] for error in launcher.recorded().errors()] == ["ZeroDivisionError"]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_an_error_that_is_handled_and_kept_for_a_debugger(launcher: Launcher, kind: str) -> None:
    program = f"""
import sys, tachograph
{kind} handle():
    try:
        1 / 0
    except ZeroDivisionError as error:
        sys.last_value = error
with tachograph.phase("test"):
    try:
        handle().send(None)
    except (AttributeError, StopIteration):
        pass
"""
    assert launcher.python(program).returncode == 0
    recorded = launcher.recorded()
    assert (recorded.spans(), recorded.errors()) == (["test"], [])


def test_an_error_that_ends_a_thread(launcher: Launcher) -> None:
    program = "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()\n"
    done = launcher.python(program)
    assert done.returncode == 0
    assert b"Exception in thread" in done.stderr
    recorded = launcher.recorded()
    assert [error["type"] for error in recorded.errors()] == ["ZeroDivisionError"]
    assert recorded.end()["outcome"] == "completed"


def test_system_exit_is_no_error(launcher: Launcher) -> None:
    assert launcher.python("raise SystemExit('enough')").stderr == b"enough\n"
    assert launcher.recorded().children() == []


WORKERS = """
import multiprocessing, os, subprocess, sys
from concurrent.futures import ProcessPoolExecutor
import tachograph
def work(name):
    with tachograph.phase(name):
        return os.getpid()
def below():
    code = "import tachograph\\nwith tachograph.phase('grandchild'): pass"
    subprocess.run([sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)",
                    sys.executable, "-c", code], check=True)
if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=work, args=(method,))
        process.start()
        process.join()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(work, "pool").result()
    child = os.fork()
    if child == 0:
        work("forked")
        os._exit(0)
    os.waitpid(child, 0)
    work("parent")
    below()
"""


def test_every_kind_of_child_is_recorded(launcher: Launcher) -> None:
    done = launcher.python(WORKERS)
    assert (done.returncode, done.stderr) == (0, b"")
    recorded = launcher.recorded()
    names = ["fork", "forked", "forkserver", "grandchild", "parent", "pool", "spawn"]
    assert recorded.spans() == names
    assert len({span["pid"] for span in recorded.records("span.end")}) == len(names)
    assert len({span["trace_id"] for span in recorded.records("span.end")}) == 1


def test_opentelemetry_instrument(launcher: Launcher) -> None:
    program = launcher.program("import tachograph\nwith tachograph.phase('inside'): pass\n1 / 0")
    instrument = Path(sys.executable).with_name("opentelemetry-instrument")
    done = launcher.run(instrument, sys.executable, program)
    assert (done.returncode, done.stderr.count(b"Traceback")) == (1, 1)
    recorded = launcher.recorded()
    assert (recorded.spans(), len(recorded.errors())) == (["inside"], 1)


@pytest.mark.parametrize("flag", ["-I", "-E", "-S"])
def test_pythons_that_load_no_hook_run_as_they_would(launcher: Launcher, flag: str) -> None:
    assert launcher.run(sys.executable, flag, "-c", "print(1)").stdout == b"1\n"
    assert launcher.recorded().children() == []


def test_a_command_that_is_killed(launcher: Launcher) -> None:
    program = "import os, tachograph\nwith tachograph.phase('cut short'):\n    os.kill(os.getpid(), 9)"
    assert launcher.python(program).returncode == -signal.SIGKILL
    recorded = launcher.recorded()
    assert recorded.end()["outcome"] == "crashed"
    assert [span["name"] for span in recorded.records("span.start")] == ["cut short"]
    assert recorded.spans() == []


def test_a_launcher_that_is_killed(launcher: Launcher) -> None:
    """The command goes on, and goes on recording."""
    done = launcher.folder / "done"
    program = launcher.program(
        "import os, pathlib, sys, tachograph\n"
        "with tachograph.phase('before'): pass\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "with tachograph.phase('after'): pass\n"
        f"pathlib.Path({str(done)!r}).touch()\n"
    )
    with launcher.start(sys.executable, program, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"ready\n"
        process.kill()
        process.wait(30)
        process.stdin.write(b"go on\n")
        process.stdin.flush()
        launcher.wait_until(done.exists)
        process.stdout.read()
    recorded = launcher.recorded()
    assert recorded.spans() == ["after", "before"]
    assert [record for record in recorded.records("run") if record["state"] == "end"] == []


def test_a_command_that_becomes_a_daemon(launcher: Launcher) -> None:
    go, done = launcher.folder / "go", launcher.folder / "done"
    program = f"""
import os, pathlib, time
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
null = os.open(os.devnull, os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(null, fd)
os.closerange(3, 4096)
import tachograph
while not pathlib.Path({str(go)!r}).exists():
    time.sleep(0.01)
with tachograph.phase("in the background"):
    pass
pathlib.Path({str(done)!r}).touch()
"""
    assert launcher.python(program).returncode == 0
    assert launcher.recorded().end()["outcome"] == "completed"
    go.touch()
    launcher.wait_until(done.exists)
    assert launcher.recorded().spans() == ["in the background"]


def test_a_daemon_thread_that_never_ends(launcher: Launcher) -> None:
    program = """
import threading, time, tachograph
threading.Thread(target=lambda: time.sleep(3600), daemon=True).start()
with tachograph.phase("work"): pass
"""
    assert launcher.python(program).returncode == 0
    assert launcher.recorded().spans() == ["work"]


def test_a_thread_that_never_ends_holds_the_command_as_it_would(launcher: Launcher) -> None:
    program = launcher.program(
        "import threading, time, tachograph\n"
        "threading.Thread(target=lambda: time.sleep(3600)).start()\n"
        "with tachograph.phase('work'): pass\n"
        "print('main is done', flush=True)\n"
    )
    with launcher.start(sys.executable, program) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"main is done\n"
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM
    recorded = launcher.recorded()
    assert recorded.spans() == ["work"]
    assert recorded.end()["signal"] == "SIGTERM"


FORKED = """
import os, sys, tachograph
with tachograph.phase("before"):
    pass
print("concurrent.futures.thread" in sys.modules, flush=True)
import concurrent.futures.thread
child = os.fork()
with tachograph.phase("child" if child == 0 else "parent"):
    pass
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
"""


def test_a_fork_after_an_import_that_guards_forks(launcher: Launcher) -> None:
    """The module takes a lock of its own before a fork, and lets it go in the child after handlers of before ours."""
    done = launcher.python(FORKED)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"False\n", b"")
    recorded = launcher.recorded()
    assert recorded.spans() == ["before", "child", "parent"]
    starts = [record for record in recorded.records("process") if record["state"] == "start" and "resource" in record]
    assert [record["resource"]["process.pid"] for record in starts] == [record["pid"] for record in starts]
    assert len(starts) == 3, "the launcher, the program and its child"
