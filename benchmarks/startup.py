"""P3: what recording adds to the start of a program."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import say, table
from tachograph.runtime.environment import recorded
from tachograph.runtime.settings import Settings

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
        hooked = recorded(plain, str(uuid.uuid4()), run_dir, Settings(directory=folder))
        for name, (program, budget_ms) in _PROGRAMS.items():
            say(f"P3 {name}")
            bare: list[float] = []
            with_hook: list[float] = []
            for _ in range(3 if quick else 21):
                bare.append(_taken_ms(program, plain))
                with_hook.append(_taken_ms(program, hooked))
            # The first of each wrote the byte code.
            before, after = statistics.median(bare[1:]), statistics.median(with_hook[1:])
            held = held and after - before <= budget_ms
            rows.append([name, f"{before:.0f}", f"{after:.0f}", f"{after - before:.0f}", str(budget_ms)])
    head = ["a program that imports", "alone, ms", "recorded, ms", "added, ms", "budget, ms"]
    return table(head, rows), held


def _taken_ms(program: str, environ: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environ, check=True)
    return (time.perf_counter() - begun) * 1e3
