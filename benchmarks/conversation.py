"""P6: a long conversation: the bytes of its journal, and what a late turn costs beside an early one."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import has_valgrind, say, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measure import Bench

_TURNS = 200
_RATIO = 2.0
_JUDGED = "conversation"
# By the name of the work. What a call takes besides its text does not shrink with it: of short turns only the content
# is judged.
_CONVERSATIONS = {_JUDGED: "turns of 3 KB", "short conversation": "turns of 0.6 KB"}
# The turns whose cost is compared, by the number of the first call of the worker that makes them.
_STRETCHES = {"5 to 14": 0, "191 to 200": 186}
_WARM, _RUNS = 2, (2, 12)
# What is added to a late turn is the small difference of two large counts, which vary by about this share.
_NOISE = 0.002


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The tables and whether the budgets hold: at most twice the bytes of the unique text, and late turns as early."""
    say("P6 conversation")
    sizes, held = _sizes(bench, 20 if quick else _TURNS)
    if quick or not has_valgrind():
        return sizes, held
    rows: list[list[str]] = []
    noise: list[float] = []
    added: list[float] = []
    for turns, first in _STRETCHES.items():
        say(f"P6 turns {turns}")
        words = ("--first", str(first), "--warm", str(_WARM))
        counts = bench.instructions("conversation", ("bare", "tachograph"), *words, runs=_RUNS)
        added.append(counts["tachograph"] - counts["bare"])
        noise.append(counts["bare"] * _NOISE)
        rows.append([turns, f"{counts['bare'] / 1e6:.1f} M", f"{added[-1] / 1e6:.2f} M", f"{noise[-1] / 1e6:.2f} M"])
    costs = table(["turns", "instructions of a bare turn", "added", f"{_NOISE:.1%} of the bare turn, noise"], rows)
    return [*sizes, "", *costs], held and added[1] <= added[0] + noise[1]


def _sizes(bench: Bench, turns: int) -> tuple[list[str], bool]:
    rows: list[list[str]] = []
    held = True
    for work, name in _CONVERSATIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            replace(bench, folder=folder).worker(work, "tachograph", turns, "--warm", "0")
            lines = [
                line
                for path in Path(folder).glob("runs/*/*/journal-*")
                for line in path.read_bytes().splitlines(keepends=True)
            ]
        whole = sum(map(len, lines))
        records = [json.loads(line) for line in lines]
        content = sum(len(line) for line, record in zip(lines, records, strict=True) if record["type"] == "content")
        text = sum(len(body.encode()) for body in {body for record in records for body in _texts(record)})
        held = held and (whole if work == _JUDGED else content) / text <= _RATIO
        rows.append([name, f"{text:,}", f"{content:,}", f"{content / text:.2f}", f"{whole:,}", f"{whole / text:.2f}"])
    head = [f"conversation of {turns} turns", "unique text, bytes", "content records", "of the text"]
    return table([*head, "whole journal", "of the text (budget 2)"], rows), held


def _texts(record: dict[str, Any]) -> Iterator[str]:
    if record["type"] == "content":
        for part in record["parts"]:
            if isinstance(part.get("content"), str):
                yield part["content"]
