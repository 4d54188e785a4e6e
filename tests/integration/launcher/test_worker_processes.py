"""Spans keep their parent in processes and process pools, however these are started."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Launcher

METHODS = ("fork", "spawn", "forkserver")

START = """
import asyncio, multiprocessing, os, re, sys, threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from tachograph import phase
def work(name, *, result=None):
    with phase(name):
        return result or name
def fail(name):
    work(name)
    raise ValueError(name)
def tell(error):
    print(type(error), re.sub("0x[0-9a-f]+", "0x", f"{error} {error.__cause__}"))
"""


def _record(launcher: Launcher, program: str, *arguments: str) -> bytes:
    """Record a program whose output has to be what it is without; this is returned."""
    file = launcher.program(START + program)
    done = launcher.run(sys.executable, file, *arguments)
    plain = subprocess.run(
        [sys.executable, file, *arguments], cwd=launcher.folder, env=launcher.environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    return done.stdout + done.stderr


PROCESSES = """
class Own(multiprocessing.get_context(sys.argv[1]).Process):
    def run(self):
        work("overridden run")
class Picky(multiprocessing.get_context(sys.argv[1]).Process):
    def __getstate__(self):
        return {**vars(self), "kept": True}
    def run(self):
        print(self.name, self.daemon, "_tachograph_context" in vars(self), flush=True)
        work("state of its own")
def outer():
    with phase("outer"):
        process = context.Process(target=work, args=("nested",))
        process.start()
        process.join()
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with phase("outer"):
        for process in (
            context.Process(target=work, args=("process",)),
            context.Process(target=fail, args=("failing",), name="failing"),
            Own(),
            Picky(name="picky", daemon=True),
        ):
            process.start()
            process.join()
            print(process.exitcode, "_tachograph_context" in vars(process), flush=True)
    process = context.Process(target=work, args=("after",))
    process.start()
    process.join()
    try:
        process.start()
    except AssertionError as error:
        print(error)
"""


@pytest.mark.parametrize("method", METHODS)
def test_processes(launcher: Launcher, method: str) -> None:
    said = _record(launcher, PROCESSES, method)
    assert said.startswith(b"0 False\n1 False\n0 False\npicky True False\n0 False\ncannot start a process twice\n")
    recorded = launcher.recorded()
    assert recorded.parents() == {
        "outer": None,
        "process": "outer",
        "failing": "outer",
        "overridden run": "outer",
        "state of its own": "outer",
        "after": None,
    }
    assert len({span["pid"] for span in recorded.records("span.end")}) == 6
    assert len({span["trace_id"] for span in recorded.records("span.end")}) == 1


EXECUTOR = """
def begin(name):
    work(name)
def which(*arguments, **keywords):
    return type(keywords).__name__, arguments, keywords
async def run(pool):
    loop = asyncio.get_running_loop()
    with phase("async"):
        return await asyncio.gather(
            loop.run_in_executor(pool, work, "run_in_executor"),
            loop.run_in_executor(pool, fail, "failing in async"),
            return_exceptions=True,
        )
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with phase("made"):
        pool = ProcessPoolExecutor(1, context, initializer=begin, initargs=("initializer",))
        print(pool.submit(work, "first").result())
    with phase("used"):
        print(list(pool.map(work, ["mapped", "mapped too"], chunksize=2)))
        print(pool.submit(which, 1, a=2).result())
        for function in (fail, None, lambda: 1):
            try:
                pool.submit(function, "failing").result()
            except Exception as error:
                tell(error)
        try:
            pool.submit(work, "never", result=threading.Lock()).result()
        except TypeError as error:
            print(error)
    print(asyncio.run(run(pool)))
    print(pool.submit(work, "after", result=3).result())
    pool.shutdown()
    try:
        pool.submit(work, "never")
    except RuntimeError as error:
        print(error)
"""


@pytest.mark.parametrize("method", METHODS)
def test_process_pool_executor(launcher: Launcher, method: str) -> None:
    said = _record(launcher, EXECUTOR, method)
    assert b"('dict', (1,), {'a': 2})\n" in said
    assert b"cannot pickle '_thread.lock' object\n" in said
    assert launcher.recorded().parents() == {
        "made": None,
        "initializer": "made",
        "first": "made",
        "used": None,
        "mapped": "used",
        "mapped too": "used",
        "failing": "used",
        "async": None,
        "run_in_executor": "async",
        "failing in async": "async",
        "after": None,
    }


POOL = """
def begin(name):
    work(name)
def which(*arguments, **keywords):
    return type(keywords).__name__, arguments, keywords
def broken():
    yield "of a broken iterable"
    raise KeyError("broken")
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with phase("made"):
        pool = context.Pool(1, begin, ("initializer",))
        print(pool.apply(work, ["first"]))
    with phase("used"):
        print(pool.map(work, ["map"]), pool.starmap(work, [["starmap"]]), pool.map_async(work, ["map_async"]).get())
        print(list(pool.imap(work, ["imap"])), list(pool.imap_unordered(work, ["unordered", "chunk"], chunksize=2)))
        print(pool.apply_async(func=work, args=("keywords",), kwds={"result": 3}).get())
        print(pool.apply_async(which, (1,), {"a": 2}, print).get())
        for call in (
            lambda: pool.apply(fail, ("failing",)),
            lambda: pool.apply(None),
            lambda: pool.apply(len, (), None),
            lambda: pool.apply(lambda: 1),
            lambda: pool.apply(work, ("never",), {"result": threading.Lock()}),
            lambda: list(pool.imap(work, broken())),
            lambda: pool.apply_async(),
        ):
            try:
                call()
            except Exception as error:
                tell(error)
    print(pool.apply(work, ("after",)))
    pool.close()
    pool.join()
"""


@pytest.mark.parametrize("method", METHODS)
def test_pool(launcher: Launcher, method: str) -> None:
    said = _record(launcher, POOL, method)
    assert b"('dict', (1,), {'a': 2})\n" in said
    assert b"after ** must be a mapping, not NoneType" in said
    used = ("map", "starmap", "map_async", "imap", "unordered", "chunk", "keywords", "failing", "of a broken iterable")
    assert launcher.recorded().parents() == {
        "made": None,
        "initializer": "made",
        "first": "made",
        "used": None,
        **dict.fromkeys(used, "used"),
        "after": None,
    }


MANY = """
def inner(name):
    with phase(name):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: work(f"{name} in a thread")).result()
def nested(name):
    with phase(name):
        with ProcessPoolExecutor(1, multiprocessing.get_context(sys.argv[1])) as pool:
            return pool.submit(inner, f"{name} inner").result()
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with ProcessPoolExecutor(1, context) as pool:
        futures = []
        for number in range(3):
            with phase(f"outer {number}"):
                futures.append(pool.submit(nested, f"middle {number}"))
        with phase("cancels"):
            blocked = [pool.submit(work, f"waiting {number}") for number in range(5)]
            print(blocked[-1].cancel())
        print([future.result() for future in futures], [future.result() for future in blocked[:-1]])
"""


@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_pools_in_pools_and_cancelled_futures(launcher: Launcher, method: str) -> None:
    assert _record(launcher, MANY, method).startswith(b"True\n")
    assert launcher.recorded().parents() == {
        **{f"outer {number}": None for number in range(3)},
        **{f"middle {number}": f"outer {number}" for number in range(3)},
        **{f"middle {number} inner": f"middle {number}" for number in range(3)},
        **{f"middle {number} inner in a thread": f"middle {number} inner" for number in range(3)},
        "cancels": None,
        **{f"waiting {number}": "cancels" for number in range(4)},
    }


WORN = """
def begin():
    work(f"initializer {os.getpid()}")
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    for number in range(2):
        with phase(f"outer {number}"):
            with ProcessPoolExecutor(1, context, max_tasks_per_child=1, initializer=begin) as pool:
                print([pool.submit(work, f"{number} {turn}").result() for turn in range(2)])
            with context.Pool(1, maxtasksperchild=1) as pool:
                print([pool.apply(work, (f"pool {number} {turn}",)) for turn in range(2)])
"""


def test_workers_that_are_replaced(launcher: Launcher) -> None:
    _record(launcher, WORN, "spawn")
    parents = launcher.recorded().parents()
    initializers = {name: parents.pop(name) for name in sorted(parents) if name.startswith("initializer")}
    assert set(initializers.values()) == {"outer 0", "outer 1"}
    assert parents == {
        **{f"outer {number}": None for number in range(2)},
        **{
            f"{kind}{number} {turn}": f"outer {number}"
            for kind in ("", "pool ")
            for number in (0, 1)
            for turn in (0, 1)
        },
    }


LATE = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
if __name__ == "__main__":
    from jobs import work
    from tachograph import phase
    context = multiprocessing.get_context("spawn")
    with phase("made"):
        process = context.Process(target=work, args=("process",))
        process.start()
        process.join()
        executor = ProcessPoolExecutor(1, context)
        executor.submit(len, "").result()
        pool = context.Pool(1)
        pool.apply(len, ("",))
    with phase("used"):
        executor.submit(work, "executor").result()
        pool.apply(work, ("pool",))
    with phase("used again"):
        executor.submit(work, "executor again").result()
        pool.apply(work, ("pool again",))
    pool.close()
    pool.join()
    executor.shutdown()
"""


def test_workers_that_have_nothing_to_record_at_first(launcher: Launcher) -> None:
    """The loop of a `Pool` is under way then: its tasks count to where the pool was made."""
    launcher.program("import tachograph\ndef work(name):\n    with tachograph.phase(name): pass\n", "jobs.py")
    done = launcher.python(LATE)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert launcher.recorded().parents() == {
        "made": None,
        "process": "made",
        "used": None,
        "executor": "used",
        "pool": "made",
        "used again": None,
        "executor again": "used again",
        "pool again": "made",
    }


FOREIGN = """
def found():
    return "tachograph" in sys.modules, os.environ.get("TACHOGRAPH_RUN") is not None
if __name__ == "__main__":
    multiprocessing.set_executable(sys.argv[1])
    sys.path[:] = [entry for entry in sys.path if not os.path.exists(os.path.join(entry, "tachograph"))]
    context = multiprocessing.get_context("spawn")
    with phase("outer"):
        with ProcessPoolExecutor(1, context) as pool:
            print(pool.submit(os.path.basename, "a/b").result(), list(pool.map(len, ["abc"])))
        with context.Pool(1) as pool:
            print(pool.apply(dict, (), {"a": 1}), pool.map(len, ["abc"]))
        process = context.Process(target=print, args=("process",))
        process.start()
        process.join()
"""


def test_workers_without_tachograph(launcher: Launcher, tmp_path: Path) -> None:
    python = tmp_path / "bare python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    python.chmod(0o755)
    program = START.replace("from tachograph", 'if __name__ == "__main__": from tachograph') + FOREIGN
    done = launcher.run(sys.executable, launcher.program(program), python)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"b [3]\n{'a': 1} [3]\nprocess\n", b"")
    assert launcher.recorded().parents() == {"outer": None}


def test_a_trace_state_goes_along(launcher: Launcher) -> None:
    program = (
        START
        + """
from opentelemetry import trace
def state():
    return trace.get_current_span().get_span_context().trace_state.to_header()
if __name__ == "__main__":
    with phase("outer"), ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        print(pool.submit(state).result())
"""
    )
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"
    done = launcher.python(program, env={"TRACEPARENT": caller, "TRACESTATE": "vendor=value"})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"vendor=value\n", b"")
