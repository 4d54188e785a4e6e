"""P3: what recording adds to the start of a program."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import say, table
from tachograph.run.environment import RunSpan, recorded
from tachograph.run.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.measure import Bench

_PROGRAMS = {"nothing": ("pass", 30), "the OpenAI client": ("import openai", 100)}


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budgets hold: 30 ms with nothing to record, 100 ms over `import openai`."""
    del bench
    rows: list[list[str]] = []
    held = True
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        run_dir = Path(folder) / "run"
        run_dir.mkdir()
        hooked = recorded(plain, str(uuid.uuid4()), run_dir, Settings(directory=folder), RunSpan.below(plain))
        for name, (program, budget_ms) in _PROGRAMS.items():
            say(f"P3 {name}")
            alone: list[tuple[float, float]] = []
            with_hook: list[tuple[float, float]] = []
            for _ in range(3 if quick else 21):
                alone.append(_taken_ms(program, plain))
                with_hook.append(_taken_ms(program, hooked))
            # The first of each wrote the byte code.
            before, after = _medians(alone[1:]), _medians(with_hook[1:])
            added, added_cpu = after[0] - before[0], after[1] - before[1]
            held = held and added <= budget_ms
            rows.append([name, *(f"{ms:.0f}" for ms in (before[0], after[0], added, added_cpu)), str(budget_ms)])
    head = ["a program that imports", "alone, ms", "recorded, ms", "added, ms", "of it CPU, ms", "budget, ms"]
    return table(head, rows), held


def _taken_ms(program: str, environ: Mapping[str, str]) -> tuple[float, float]:
    """Elapsed and CPU time."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], env=environ, check=True)
    elapsed, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return elapsed * 1e3, cpu * 1e3


def _medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    elapsed, cpu = zip(*taken, strict=True)
    return statistics.median(elapsed), statistics.median(cpu)
