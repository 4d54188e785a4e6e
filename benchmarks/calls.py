"""P1: what recording adds to a call, with content, redacted and on disk before the call returns."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import ablation, serving
from benchmarks.contenders import CONTENDERS
from benchmarks.measure import has_valgrind, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.measure import Bench


class Counts(NamedTuple):
    """How many calls are made.

    Attributes
    ----------
    warm, timed
        Before the CPU time is measured, and while it is.
    counted
        In the shorter and in the longer of two runs whose instructions are counted.
    """

    warm: int
    timed: int
    counted: tuple[int, int]


WORKS = {
    "openai plain": Counts(200, 800, (40, 160)),
    "openai stream": Counts(60, 240, (20, 60)),
    "anthropic plain": Counts(200, 800, (40, 160)),
    "anthropic stream": Counts(60, 240, (20, 60)),
}
_ROUNDS = 9
_CPU_SHARE, _INSTRUCTIONS_SHARE = 1 / 3, 1 / 6


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The tables and whether the budgets hold: a third of the CPU time and a sixth of the instructions that the
    official instrumentor adds, and a server that needs at most 8 % more CPU time.
    """
    times: list[list[str]] = []
    counts: list[list[str]] = []
    held = True
    for work, count in WORKS.items():
        say(f"P1 {work}")
        words = ("--warm", str(count.warm))
        taken = bench.cpu_us(work, CONTENDERS, count.timed // (8 if quick else 1), 1 if quick else _ROUNDS, *words)
        row, share = _shares({name: min(values) for name, values in taken.items()}, taken)
        held = held and share <= _CPU_SHARE
        times.append([work, *row])
        if has_valgrind() and not quick:
            counted = bench.instructions(work, CONTENDERS, runs=count.counted)
            ours, theirs = counted["tachograph"] - counted["bare"], counted["otel"] - counted["bare"]
            held = held and ours / theirs <= _INSTRUCTIONS_SHARE
            counts.append(
                [work, *(f"{one / 1e3:,.0f} k" for one in (counted["bare"], ours, theirs)), _part(ours / theirs)]
            )
    head = ["CPU time of a call, us: least (median)", "bare", "recorded adds", "the official instrumentor adds"]
    lines = table([*head, "share of the least (budget 1/3)"], times)
    if counts:
        head = ["instructions of a call", "bare", "recorded adds", "the official instrumentor adds"]
        lines += ["", *table([*head, "share (budget 1/6)"], counts)]
    served, server_held = serving.measure(bench, quick=quick)
    return [*lines, "", *served, "", *ablation.measure(bench, quick=quick)], held and server_held


def _shares(least: Mapping[str, float], taken: Mapping[str, Sequence[float]]) -> tuple[list[str], float]:
    medians = {name: statistics.median(values) for name, values in taken.items()}
    added = {name: (least[name] - least["bare"], medians[name] - medians["bare"]) for name in ("tachograph", "otel")}
    share = added["tachograph"][0] / added["otel"][0]
    cells = [(least["bare"], medians["bare"]), added["tachograph"], added["otel"]]
    return [*(f"{low:,.0f} ({median:,.0f})" for low, median in cells), _part(share)], share


def _part(share: float) -> str:
    return f"1/{1 / share:.1f}" if share > 0 else "0"
