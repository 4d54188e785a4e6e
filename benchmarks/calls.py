"""P1: what recording adds to a call, with content, redacted and on disk before the call returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.contenders import CONTENDERS
from benchmarks.measure import has_valgrind, say, table

if TYPE_CHECKING:
    from benchmarks.measure import Bench

# How many calls the shorter and the longer of two runs make.
RUNS = {
    "openai plain": (40, 160),
    "openai stream": (20, 60),
    "anthropic plain": (40, 160),
    "anthropic stream": (20, 60),
}
_SHARE = 0.2


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budget holds: at most a fifth of what the official instrumentor adds."""
    rows: list[list[str]] = []
    held = True
    for work, runs in RUNS.items():
        say(f"P1 {work}")
        cpu = bench.cpu_us(work, CONTENDERS, 20 if quick else 200, 1 if quick else 5)
        added_us = {name: cpu[name] - cpu["bare"] for name in CONTENDERS}
        times = [f"{cpu['bare']:,.0f}", f"{added_us['tachograph']:,.0f}", f"{added_us['otel']:,.0f}"]
        if has_valgrind() and not quick:
            counts = bench.instructions(work, CONTENDERS, runs=runs)
            ours, theirs = counts["tachograph"] - counts["bare"], counts["otel"] - counts["bare"]
            share = ours / theirs
            held = held and share <= _SHARE
            rows.append([work, f"{ours / 1e6:.2f} M", f"{theirs / 1e6:.2f} M", f"{share:.3f}", *times])
        else:
            rows.append([work, "-", "-", "-", *times])
    head = [
        "call",
        "instructions added",
        "by the official instrumentor",
        "share (budget 0.2)",
        "CPU of the bare call, us",
        "added, us",
        "by the official instrumentor, us",
    ]
    return table(head, rows), held
