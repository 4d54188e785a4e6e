"""Programs that hand work to processes of their own: each piece is recorded by the process that does it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Host

TASKS = """
import os
from celery import Celery
app = Celery("tasks", broker="filesystem://", backend=f"file://{os.path.abspath('results')}")
app.conf.broker_transport_options = {"data_folder_in": "queue", "data_folder_out": "queue"}
@app.task
def work(number):
    from opentelemetry import trace
    with trace.get_tracer("app").start_as_current_span(f"task {number}"):
        return os.getpid()
if __name__ == "__main__":
    from tasks import work
    results = [work.delay(number) for number in range(4)]
    print(*(result.get(timeout=60) for result in results))
"""


def test_celery(host: Host) -> None:
    file = host.launcher.program(TASKS, "tasks.py")
    for name in ("queue", "results", "processed"):
        (host.folder / name).mkdir()
    with host.start("celery", "--app=tasks", "worker", "--concurrency=2", "--pool=prefork") as process:
        sent = subprocess.run(
            [sys.executable, file], cwd=host.folder, env=host.launcher.environ, capture_output=True, check=True
        )
        assert host.stop(process, signal.SIGTERM) == (0, True)
    recorded = host.recorded()
    found = {span["name"]: span["pid"] for span in recorded.records("span.end")}
    assert found == {f"task {number}": int(pid) for number, pid in enumerate(sent.stdout.split())}
    assert recorded.errors() == []
    assert {end for end, _ in host.ends().values()} == {"ended"}


HANDLERS = """
from celery.signals import worker_process_shutdown
from opentelemetry import trace
@worker_process_shutdown.connect
def leave(**more):
    with trace.get_tracer("app").start_as_current_span(f"leaves {os.getpid()}"):
        pass
"""


def test_celery_whose_workers_record_as_they_leave(host: Host) -> None:
    """The last words of a worker are the program's."""
    host.launcher.program(TASKS.replace("if __name__", HANDLERS + "if __name__"), "tasks.py")
    for name in ("queue", "results", "processed"):
        (host.folder / name).mkdir()
    with host.start("celery", "--app=tasks", "worker", "--concurrency=1", "--pool=prefork") as process:
        sent = subprocess.run(
            [sys.executable, "tasks.py"], cwd=host.folder, env=host.launcher.environ, capture_output=True, check=True
        )
        assert host.stop(process, signal.SIGTERM) == (0, True)
    (pid,) = {int(pid) for pid in sent.stdout.split()}
    assert host.recorded().spans() == [f"leaves {pid}", *(f"task {number}" for number in range(4))]
    assert host.ends()[pid][0] == "ended"


TESTS = """
import pytest
from opentelemetry import trace
@pytest.mark.parametrize("number", range(4))
def test_number(number):
    with trace.get_tracer("app").start_as_current_span(f"test {number}"):
        assert number < 3
"""


def test_pytest_with_workers(host: Host) -> None:
    host.launcher.program(TESTS, "test_program.py")
    with host.start("pytest", "--numprocesses=2", "test_program.py") as process:
        assert process.wait(60) == 1
    assert b"1 failed, 3 passed" in (host.folder / "output").read_bytes()
    recorded = host.recorded()
    assert recorded.spans() == [f"test {number}" for number in range(4)]
    assert recorded.errors() == []
    assert len({span["pid"] for span in recorded.records("span.end")}) == 2
