"""OTLP: what sending on costs a program, with receivers that answer, never answer and refuse."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from benchmarks.calls import WORKS
from benchmarks.measure import has_valgrind, say, server, table

if TYPE_CHECKING:
    from benchmarks.measure import Bench

_WORK = "openai plain"
_SHARE = 0.2
_GRACE_S = 5.0
_EXIT_S = _GRACE_S + 1
# Nobody listens there.
_REFUSES = "http://127.0.0.1:1"


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budgets hold: a fifth of the official instrumentor's, and the end in time."""
    bare = official = 0.0
    counted = has_valgrind() and not quick
    if counted:
        say("OTLP the official instrumentor")
        counts = bench.instructions(_WORK, ("bare", "otel"), runs=WORKS[_WORK].counted)
        bare, official = counts["bare"], counts["otel"] - counts["bare"]
    rows: list[list[str]] = []
    held = True
    with server("benchmarks.sink", "--silent") as silent:
        receivers = {"none": "", "answers": bench.sink, "never answers": silent, "refuses": _REFUSES}
        for name, endpoint in receivers.items():
            say(f"OTLP a receiver that {name}" if endpoint else "OTLP no receiver")
            to = bench.sending(endpoint)
            share = added = "-"
            if counted:
                ours = to.instructions(_WORK, ("tachograph",), runs=WORKS[_WORK].counted)["tachograph"] - bare
                added, share = f"{ours / 1e6:.2f} M", f"{ours / official:.3f}"
                held = held and ours / official <= _SHARE
            taken = [to.worker(_WORK, "tachograph", 20 if quick else 200) for _ in range(1 if quick else 5)]
            call_us = statistics.median(one["wall_s"] / one["count"] * 1e6 for one in taken)
            exit_s = statistics.median(one["exit_s"] for one in taken)
            held = held and exit_s <= _EXIT_S
            rows.append([name, added, share, f"{call_us:,.0f}", f"{exit_s * 1e3:,.0f}"])
    head = [
        "receiver",
        "instructions added to a plain call of OpenAI",
        "share of the official instrumentor's (budget 0.2)",
        "the call, elapsed, us",
        f"from the last call to the end of the process, ms (budget {_EXIT_S * 1e3:,.0f})",
    ]
    return table(head, rows), held
