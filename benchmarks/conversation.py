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
_EARLY, _LATE = 2, 140


def measure(bench: Bench, *, quick: bool) -> tuple[list[str], bool]:
    """The table and whether the budget holds: at most twice the bytes of the unique text."""
    say("P6 conversation")
    turns = 20 if quick else _TURNS
    with tempfile.TemporaryDirectory() as folder:
        replace(bench, folder=folder).worker("conversation", "tachograph", turns, warm=0)
        journals = list(Path(folder).glob("runs/*/*/journal-*"))
        written = sum(path.stat().st_size for path in journals)
        records = [json.loads(line) for path in journals for line in path.read_bytes().splitlines()]
    content = sum(len(json.dumps(r, separators=(",", ":"))) for r in records if r["type"] == "content")
    text = sum(len(body) for body in {body for record in records for body in _texts(record)})
    rows = [
        ["unique text, bytes", f"{text:,}", ""],
        ["content records, bytes", f"{content:,}", f"{content / text:.2f}"],
        ["whole journal, bytes", f"{written:,}", f"{written / text:.2f}"],
    ]
    if has_valgrind() and not quick:
        for warm in (_EARLY, _LATE):
            counts = bench.instructions("conversation", ("bare", "tachograph"), warm=warm)
            added = counts["tachograph"] - counts["bare"]
            rows.append([f"instructions added to turns {warm + 20}-{warm + 60}", f"{added / 1e6:.2f} M", ""])
    head = [f"conversation of {turns} turns", "", "of the unique text (budget 2)"]
    return table(head, rows), content / text <= _RATIO


def _texts(record: dict[str, Any]) -> Iterator[str]:
    if record["type"] == "content":
        for part in record["parts"]:
            if isinstance(part.get("content"), str):
                yield part["content"]
