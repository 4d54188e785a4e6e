"""P2: what a span costs beside the bare SDK's, and what is left of a process that is killed."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import has_valgrind, say, table
from tachograph.report import FolderRuns

if TYPE_CHECKING:
    from benchmarks.measure import Bench

_RATIO = 1.5
_SPANS = 1000
_LOOP = f"""
import os, signal, sys
import tachograph
tachograph.start(directory=sys.argv[1])
from opentelemetry import trace
tracer = trace.get_tracer("loop")
for number in range({_SPANS}):
    tracer.start_span("step").end()
tracer.start_span("open")
os.kill(os.getpid(), signal.SIGKILL)
"""


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budget holds: at most 1.5 times the SDK's, and all spans kept on SIGKILL."""
    say("P2 spans")
    rows: list[list[str]] = []
    held = True
    taken = bench.cpu_us("span", ("sdk", "tachograph"), 200 if quick else 5000, 1 if quick else 5)
    cpu = {name: statistics.median(values) for name, values in taken.items()}
    rows.append(["CPU, us", f"{cpu['sdk']:.1f}", f"{cpu['tachograph']:.1f}", f"{cpu['tachograph'] / cpu['sdk']:.2f}"])
    if has_valgrind() and not quick:
        counts = bench.instructions("span", ("sdk", "tachograph"))
        ratio = counts["tachograph"] / counts["sdk"]
        held = ratio <= _RATIO
        rows.append(["instructions", f"{counts['sdk']:,.0f}", f"{counts['tachograph']:,.0f}", f"{ratio:.2f}"])
    kept, opened = _killed()
    held = held and (kept, opened) == (_SPANS, ["open"])
    lines = table(["span with three attributes", "bare SDK", "recorded, on disk", "ratio (budget 1.5)"], rows)
    return [
        *lines,
        "",
        f"After SIGKILL in a tight loop: {kept} of {_SPANS} spans kept, open: {', '.join(opened)}.",
    ], held


def _killed() -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-c", _LOOP, folder], check=False)
        assert done.returncode == -signal.SIGKILL
        runs = FolderRuns(Path(folder))
        run_dir = runs.folder(runs.find().id)
        report = runs.report_in(run_dir)
        ended = sum(path.read_bytes().count(b'"type":"span.end"') for path in run_dir.glob("journal-*"))
        return ended, [span.name for span in report.open_spans]
