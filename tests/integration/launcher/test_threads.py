"""Spans keep their parent in threads, thread pools and asyncio."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Launcher

START = """
import asyncio, threading, time, traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from tachograph import phase
def work(name):
    with phase(name):
        return name
def fail(name):
    work(name)
    raise ValueError(name)
"""

THREADS = """
class Own(threading.Thread):
    def run(self):
        work("overridden run")
class Named(threading.Thread):
    def __init__(self, name):
        super().__init__(name=name, daemon=True, target=lambda: print(threading.current_thread().name, self.daemon))
with phase("outer"):
    threads = [
        threading.Thread(target=work, args=("thread",)),
        threading.Timer(0.01, work, ["timer"]),
        Own(),
        Named("some name"),
        threading.Thread(target=fail, args=("failing thread",), name="failing"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sorted(vars(threads[0])))
    try:
        threads[0].start()
    except RuntimeError as error:
        print(error)
thread = threading.Thread(target=work, args=("after",))
thread.start()
thread.join()
"""


def test_threads(launcher: Launcher) -> None:
    done = launcher.python(START + THREADS)
    plain = subprocess.run([sys.executable, launcher.folder / "program.py"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    assert launcher.recorded().parents() == {
        "outer": None,
        "thread": "outer",
        "timer": "outer",
        "overridden run": "outer",
        "failing thread": "outer",
        "after": None,
    }


POOLS = """
def begin(name):
    work(name)
for make, submit in (
    (lambda name: ThreadPoolExecutor(1, initializer=begin, initargs=(name,)), lambda pool, *call: pool.submit(*call)),
    (lambda name: ThreadPool(1, begin, (name,)), lambda pool, function, *args: pool.apply_async(function, args)),
):
    kind = make.__code__.co_names[0]
    get = lambda future: future.get() if kind == "ThreadPool" else future.result()
    with phase(f"{kind} made"):
        pool = make(f"{kind} initializer")
        print(get(submit(pool, work, f"{kind} first")))
    with phase(f"{kind} used"):
        print(list(pool.map(work, [f"{kind} mapped"])))
        print(get(submit(pool, lambda *args: args, 1, 2)))
        try:
            get(submit(pool, fail, f"{kind} failing"))
        except ValueError:
            traceback.print_exc()
        try:
            get(submit(pool, None))
        except TypeError:
            traceback.print_exc()
    print(get(submit(pool, work, f"{kind} after")))
    (pool.close if kind == "ThreadPool" else pool.shutdown)()
    try:
        submit(pool, work, "never")
    except (RuntimeError, ValueError) as error:
        print(error)
"""


def test_thread_pools(launcher: Launcher) -> None:
    done = launcher.python(START + POOLS)
    plain = subprocess.run([sys.executable, launcher.folder / "program.py"], capture_output=True, check=False)
    assert plain.stderr.count(b"Traceback") == 4
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert launcher.recorded().parents() == {
        name: parent
        for kind in ("ThreadPoolExecutor", "ThreadPool")
        for name, parent in {
            f"{kind} made": None,
            f"{kind} initializer": f"{kind} made",
            f"{kind} first": f"{kind} made",
            f"{kind} used": None,
            f"{kind} mapped": f"{kind} used",
            f"{kind} failing": f"{kind} used",
            f"{kind} after": None,
        }.items()
    }


CANCELLED = """
go = threading.Event()
with ThreadPoolExecutor(1) as pool:
    with phase("outer"):
        first = pool.submit(go.wait)
        second = pool.submit(work, "never")
        third = pool.submit(work, "done")
        print(second.cancel())
    go.set()
    print(third.result())
print(second.cancelled())
"""


def test_a_future_that_is_cancelled(launcher: Launcher) -> None:
    done = launcher.python(START + CANCELLED)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"True\ndone\nTrue\n", b"")
    assert launcher.recorded().parents() == {"outer": None, "done": "outer"}


ASYNC = """
async def step(name):
    with phase(name):
        await asyncio.sleep(0)
async def fail_in(name):
    await step(name)
    raise ValueError(name)
def elsewhere(loop):
    with phase("other thread"):
        asyncio.run_coroutine_threadsafe(step("threadsafe"), loop).result()
async def main():
    loop = asyncio.get_running_loop()
    with phase("outer"):
        tasks = [asyncio.create_task(step("task")), asyncio.create_task(fail_in("failing task"))]
        thread = asyncio.to_thread(work, "to_thread")
        async with asyncio.TaskGroup() as group:
            group.create_task(step("group"))
        await loop.run_in_executor(None, work, "run_in_executor")
        await thread
        cancelled = asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(0)
        cancelled.cancel()
        print(await asyncio.gather(*tasks, cancelled, return_exceptions=True))
        await asyncio.to_thread(elsewhere, loop)
    await loop.run_in_executor(None, work, "after")
asyncio.run(main())
"""


def test_asyncio(launcher: Launcher) -> None:
    done = launcher.python(START + ASYNC)
    wanted = b"[None, ValueError('failing task'), CancelledError('')]\n"
    assert (done.returncode, done.stdout.replace(b"CancelledError()", b"CancelledError('')")) == (0, wanted)
    assert done.stderr == b""
    assert launcher.recorded().parents() == {
        "outer": None,
        "task": "outer",
        "failing task": "outer",
        "to_thread": "outer",
        "group": "outer",
        "run_in_executor": "outer",
        "other thread": "outer",
        "threadsafe": "other thread",
        "after": None,
    }


LATE = """
import sys, threading
def work():
    import tachograph
    with tachograph.phase("work"):
        pass
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("tachograph_executors" in sys.modules)
"""


def test_recording_that_comes_up_in_a_thread(launcher: Launcher) -> None:
    done = launcher.python(LATE)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"True\n", b"")
    assert launcher.recorded().parents() == {"work": None}


def test_nothing_is_loaded_where_nothing_is_recorded(launcher: Launcher) -> None:
    program = """
import concurrent.futures.process, concurrent.futures.thread, multiprocessing.pool, sys, threading
print([name in sys.modules for name in ("tachograph_executors", "opentelemetry")], vars(threading.Thread.start))
"""
    assert launcher.python(program).stdout == b"[False, False] {}\n"
    assert launcher.python("import tachograph" + program, options=["--level", "off"]).stdout == b"[False, False] {}\n"
