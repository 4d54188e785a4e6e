"""What a recording promises when things go wrong: nothing that ended is lost, nothing is torn, the program goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.journal import journal_files, read

if TYPE_CHECKING:
    from collections.abc import Iterator

TACHO = str(Path(sys.executable).with_name("tacho"))


def recorded(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program under `tacho run`, its runs kept in a folder."""
    program = folder / "program.py"
    program.write_text(textwrap.dedent(script), "utf-8")
    words = [TACHO, "run", "--dir", str(folder / "runs"), "--", sys.executable, str(program), *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, timeout=110)


def show(folder: Path) -> dict[str, Any]:
    """The report of the one run in a folder."""
    done = subprocess.run(
        [TACHO, "show", "--json", "--dir", str(folder / "runs")], capture_output=True, text=True, check=True, cwd=folder
    )
    return json.loads(done.stdout)


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """Every record of the one run in a folder; none may be torn."""
    problems: list[str] = []
    (run_dir,) = (folder / "runs").glob("runs/*/*")
    for parts in journal_files(run_dir):
        for record in read(parts, problems.append):
            yield dict(record)
    assert problems == []


def test_a_thousand_spans_survive_a_kill_and_the_open_one_is_shown(tmp_path: Path) -> None:
    done = recorded(
        tmp_path,
        """
        import os, signal, time
        from opentelemetry import trace
        tracer = trace.get_tracer("loop")
        open_one = tracer.start_span("still open")
        for number in range(1000):
            tracer.start_span("step").end()
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert done.returncode == -9
    assert sum(record["type"] == "span.end" for record in records(tmp_path)) == 1000
    report = show(tmp_path)
    assert (report["outcome"]["status"], report["outcome"]["signal"]) == ("crashed", "SIGKILL")
    (opened,) = report["open_spans"]
    assert opened["name"] == "still open"
    assert opened["open_ns"] >= 300_000_000
    screen = subprocess.run(
        [TACHO, "show", "--dir", str(tmp_path / "runs")], capture_output=True, text=True, check=True
    ).stdout
    assert "crashed (SIGKILL)" in screen.splitlines()[0]
    assert "still open" in screen


@pytest.mark.parametrize("begun", [True, False], ids=["recording before it forks", "not recording yet"])
def test_fifty_processes_of_twenty_threads_write_whole_records(tmp_path: Path, *, begun: bool) -> None:
    done = recorded(
        tmp_path,
        """
        import multiprocessing, threading, sys
        from opentelemetry import trace

        def work(number):
            tracer = trace.get_tracer("many")
            for step in range(5):
                with tracer.start_as_current_span(f"{number}.{step}", attributes={"pad": "x" * 3000}):
                    pass

        def process(index):
            threads = [threading.Thread(target=work, args=(f"{index}.{thread}",)) for thread in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        if sys.argv[1] == "True":
            trace.get_tracer("many").start_span("parent").end()
        context = multiprocessing.get_context("fork")
        children = [context.Process(target=process, args=(index,)) for index in range(50)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        sys.exit(sum(child.exitcode for child in children))
        """,
        str(begun),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = list(records(tmp_path))
    names = [record["name"] for record in found if record["type"] == "span.end"]
    every = [f"{p}.{t}.{s}" for p in range(50) for t in range(20) for s in range(5)]
    assert sorted(names) == sorted(every + ["parent"] * begun)
    report = show(tmp_path)
    assert report["outcome"]["status"] == "completed"
    # The launcher, the children and the program, which records how these ended; each of them recorded its own end.
    assert len(report["processes"]) == 52
    assert {process["end"] for process in report["processes"]} == {"ended"}


def test_a_full_disk_costs_the_recording_and_not_the_program(tmp_path: Path) -> None:
    done = recorded(
        tmp_path,
        """
        import resource
        from opentelemetry import trace
        tracer = trace.get_tracer("disk")
        tracer.start_span("before").end()
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 1 << 40))
        for number in range(200):
            with tracer.start_as_current_span("step", attributes={"pad": "x" * 500}):
                pass
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))
        print("the program's own output")
        """,
    )
    assert (done.returncode, done.stdout) == (0, "the program's own output\n")
    assert done.stderr.count("tachograph: recording stopped") == 1
    report = show(tmp_path)
    assert report["outcome"]["status"] == "completed"
    assert report["dropped"]["records"] > 200


def test_a_folder_that_vanishes_costs_the_recording_and_not_the_program(tmp_path: Path) -> None:
    done = recorded(
        tmp_path,
        """
        import os, shutil
        shutil.rmtree(os.environ["TACHOGRAPH_RUN_DIR"])
        from opentelemetry import trace
        with trace.get_tracer("gone").start_as_current_span("step"):
            print("the program's own output")
        """,
    )
    assert (done.returncode, done.stdout) == (0, "the program's own output\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("tacho: the folder of this run was deleted or moved while it ran")


def test_values_that_misbehave_do_not_reach_the_program(tmp_path: Path) -> None:
    done = recorded(
        tmp_path,
        """
        import time, tachograph
        from opentelemetry import trace

        class Raises:
            def __repr__(self): raise RuntimeError("no")
            __str__ = __repr__

        class Hangs:
            def __repr__(self): time.sleep(60)
            __str__ = __repr__

        cyclic = []
        cyclic.append(cyclic)
        values = [Raises(), Hangs(), cyclic, {1: {2: Raises()}}, b"\\xff"]
        values += ["\\ud800", float("nan"), 1 << 200, "x" * 200_000]
        for value in values:
            tachograph.event("strange", value=value)
        with trace.get_tracer("strange").start_as_current_span("span") as span:
            # The SDK asks a value for its text, and waits for it with and without a recording.
            for number, value in enumerate(value for value in values if not isinstance(value, Hangs)):
                try:
                    span.set_attribute(f"value.{number}", value)
                except Exception as error:
                    print(type(error))
        print("done")
        """,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "done")
    events = [record for record in records(tmp_path) if record["type"] == "event"]
    told = [event["fields"]["value"] for event in events]
    assert told[:2] == ["<__main__.Raises>", "<__main__.Hangs>"]
    assert len(told) == 9
    assert len(told[8]) <= 65_536 + 64
    assert [record["name"] for record in records(tmp_path) if record["type"] == "span.end"] == ["span"]


def test_a_program_that_records_itself(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            """
            import subprocess, sys, tachograph
            tachograph.start(directory=sys.argv[1], name="by itself")
            child = "from opentelemetry import trace; trace.get_tracer('c').start_span('in child').end()"
            subprocess.run([sys.executable, "-c", child], check=True)
            with tachograph.phase("validation"):
                raise LookupError("nobody handles this")
            """
        ),
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "runs")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "LookupError: nobody handles this")
    report = show(tmp_path)
    assert (report["run"]["name"], report["outcome"]["status"]) == ("by itself", "failed")
    (error,) = report["errors"]
    assert (error["type"], error["message"], error["handled"]) == ("LookupError", "nobody handles this", False)
    assert error["where"].startswith(f"{program}:7 ")
    names = {record["name"] for record in records(tmp_path) if record["type"] == "span.end"}
    assert names == {"in child", "validation"}
