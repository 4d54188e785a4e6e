"""P1: where the cost of a recorded call goes: what it costs without one part of the recording."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from benchmarks.measure import has_valgrind, say, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Bench

_WORKS = {"openai plain": (200, 400, (40, 120)), "openai stream": (60, 120, (20, 60))}
_ROUNDS = 5
ALONE = "client"
"""Not a part of the recording: the client itself does nothing, so that what is added is the recording alone."""


def _replace(module: str, path: str, to: Any) -> None:
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for step in outer:
        owner = getattr(owner, step)
    setattr(owner, name, to)


def _giving(value: object) -> Callable[..., object]:
    def give(*_: object, **__: object) -> object:
        return value

    return give


def _without_writes() -> None:
    _replace("tachograph.journal.writer", "JournalWriter.write", _giving(value=True))


def _without_scan() -> None:
    _replace("tachograph.redaction.sealer", "Sealer._first_hit", _giving(value=False))


def _without_sealing() -> None:
    _replace("tachograph.redaction.sealer", "Sealer.json", _giving(b'{"a":1}'))


def _without_framing() -> None:
    _replace("tachograph.journal.builder", "RecordBuilder._line", _giving(b"{}\n"))
    _replace("tachograph.recorder.span_processor", "span_ids", _giving(""))


def _without_content() -> None:
    os.environ["TACHOGRAPH_CONTENT"] = "false"


def _without_attempts() -> None:
    os.environ["OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"] = "tachograph_http"


def _without_rate_limits() -> None:
    _replace("tachograph_http.attempts", "rate_limits", _giving(None))


def _without_context() -> None:
    _replace("tachograph.instrument.operation", "Operation.attach", _giving(None))
    _replace("tachograph.instrument.operation", "Operation.detach", _giving(None))


def _without_spans() -> None:
    _replace("tachograph.recorder.span_processor", "JournalSpanProcessor.on_start", _giving(None))
    _replace("tachograph.recorder.span_processor", "JournalSpanProcessor.on_end", _giving(None))


PARTS: dict[str, tuple[str, Callable[[], None]]] = {
    "writes": ("writes to the file", _without_writes),
    "scan": ("the search for secrets", _without_scan),
    "sealing": ("sealing: dumping and searching", _without_sealing),
    "framing": ("framing of records", _without_framing),
    "spans": ("the two records of a span", _without_spans),
    "content": ("content: prompts and answers", _without_content),
    "attempts": ("attempts of HTTP and rate limits", _without_attempts),
    "limits": ("rate limits", _without_rate_limits),
    "context": ("the current context, and attempts", _without_context),
}
"""What each part is, and what takes it out before a recording begins."""


def measure(bench: Bench, *, quick: bool) -> list[str]:
    """The table: by how much a call gets cheaper without each part."""
    lines: list[str] = []
    for work, (warm, timed, runs) in _WORKS.items():
        say(f"P1 parts of {work}")
        variants = [("tachograph",), *(("tachograph", "--without", part) for part in PARTS)]
        words = ("--warm", str(warm))
        every = [("bare",), *variants, ("bare", "--without", ALONE), ("tachograph", "--without", ALONE)]
        times: dict[tuple[str, ...], float] = {}
        for _ in range(1 if quick else _ROUNDS):
            for variant in every:
                took = bench.worker(work, variant[0], timed // (8 if quick else 1), *variant[1:], *words)
                each = took["cpu_s"] / took["count"] * 1e6
                times[variant] = min(times.get(variant, each), each)
        counts: dict[tuple[str, ...], float] = {}
        if has_valgrind() and not quick:
            counts = {
                variant: bench.instructions(work, variant[:1], *variant[1:], runs=runs)[variant[0]] for variant in every
            }
        lines += [*_table(work, times, counts), ""]
    return lines[:-1]


def _table(work: str, times: dict[tuple[str, ...], float], counts: dict[tuple[str, ...], float]) -> list[str]:
    def row(name: str, of: tuple[str, ...], less: tuple[str, ...]) -> list[str]:
        count = f"{(counts[of] - counts[less]) / 1e3:,.0f} k" if counts else "-"
        return [name, f"{times[of] - times[less]:,.0f}", count]

    whole = ("tachograph",)
    alone = row(
        "the recording alone, the client doing nothing",
        ("tachograph", "--without", ALONE),
        ("bare", "--without", ALONE),
    )
    added = times[whole] - times["bare",]
    rest = added - (times["tachograph", "--without", ALONE] - times["bare", "--without", ALONE])
    return table(
        [f"{work}: what is added", "CPU time, us", "instructions"],
        [
            row("in all", whole, ("bare",)),
            alone,
            ["the client, slower for it", f"{rest:,.0f}", "-"],
            *(row(f"of it {name}", whole, ("tachograph", "--without", part)) for part, (name, _) in PARTS.items()),
        ],
    )
