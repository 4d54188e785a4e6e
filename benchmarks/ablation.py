"""P1: where the cost of a recorded call goes: by how much a call gets cheaper without one part of the recording.

python -m benchmarks.ablation WORK BLOCKS SIZE --provider URL --folder PATH

The parts are taken out in turn within one process, for a few calls at a time, with as many whole calls in between:
processes differ by more than most parts cost.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from benchmarks.contenders import bring_up
from benchmarks.measure import say, table
from benchmarks.worker import WORKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Bench

    # An object or module, the name of an attribute, and what it is without the part.
    Replacement = tuple[Any, str, object]

# How many blocks there are, with and without each part, and of how many calls.
_WORKS = {"openai plain": (150, 10), "openai stream": (60, 5)}
_WARM = 100
_QUANTILE = 0.1

PARTS = {
    "all": "all of it",
    "spans": "spans and all that is written",
    "records": "of that, both records",
    "writes": "of these, writing to the file",
    "sealing": "of these, dumping as JSON and the search for secrets",
    "search": "of that, the search",
    "content": "prompts and answers",
    "answers": "reading answers, and their content",
    "context": "making the call the current one, and attempts",
    "attempts": "attempts of HTTP, and rate limits",
    "limits": "of that, rate limits",
}
"""What is taken out."""


def _giving(value: object) -> Callable[..., object]:
    def give(*_: object, **__: object) -> object:
        return value

    return give


def _replacements() -> dict[str, list[Replacement]]:
    """What each part is replaced with; once the recording has begun."""
    recording: Any = importlib.import_module("tachograph.runtime.recording")
    writer: Any = importlib.import_module("tachograph.journal.writer")
    operation: Any = importlib.import_module("tachograph.instrument.operation").Operation
    calls: Any = importlib.import_module("tachograph.instrument.stainless.calls")
    processor: Any = importlib.import_module("tachograph.recorder.span_processor").JournalSpanProcessor
    send: Any = importlib.import_module("tachograph_http.send_patch")
    attempts: Any = importlib.import_module("tachograph_http.attempts")
    recorder = recording.recorder()
    # What `write` uses of the module while a journal is open.
    unwritten = SimpleNamespace(write=lambda _, line: len(line))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    return {
        "all": [(recording, "_recorder", None)],
        "spans": [(calls, "begin", _giving(None))],
        "records": [(processor, "on_start", _giving(None)), (processor, "on_end", _giving(None))],
        "writes": [(writer, "os", unwritten)],
        "sealing": [(recorder.builder, "_seal", _giving(b'{"a":1}'))],
        "search": [(recorder.sealer, "_hit", _giving(value=False))],
        "content": [(recorder, "content_on", False)],
        "answers": [(calls._Call, "settle", lambda call, _: call.operation.end({}))],  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType]
        "context": [(operation, "attach", _giving(None)), (operation, "detach", _giving(None))],
        "attempts": [(send, "current", _giving(None))],
        "limits": [(attempts, "rate_limits", _giving(None))],
    }


def measure(bench: Bench, *, quick: bool) -> list[str]:
    """The table: CPU time in us by which a call gets cheaper without each part."""
    columns: dict[str, dict[str, float]] = {}
    alone: dict[str, float] = {}
    for work, (blocks, size) in _WORKS.items():
        say(f"P1 parts of {work}")
        words = [work, str(blocks // 10 if quick else blocks), str(size)]
        columns[work] = bench.run("benchmarks.ablation", *words, "--provider", bench.provider, "--folder", bench.folder)
        took = {
            contender: min(
                bench.worker(work, contender, 40 if quick else 600, "--silent")["cpu_s"]
                for _ in range(1 if quick else 5)
            )
            for contender in ("bare", "tachograph")
        }
        alone[work] = (took["tachograph"] - took["bare"]) / (40 if quick else 600) * 1e6
    rows = [[name, *(f"{columns[work][part]:,.0f}" for work in _WORKS)] for part, name in PARTS.items()]
    rows.insert(1, ["the same for a client that does nothing", *(f"{alone[work]:,.0f}" for work in _WORKS)])
    rest = [columns[work]["all"] - alone[work] for work in _WORKS]
    rows.insert(2, ["what a real client makes of it, and of itself", *(f"{one:,.0f}" for one in rest)])
    return table(["CPU time of a call without, us less", *_WORKS], rows)


def main() -> None:
    """Measure one work; the result is a line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation")
    parser.add_argument("work", choices=list(_WORKS))
    parser.add_argument("blocks", type=int)
    parser.add_argument("size", type=int)
    parser.add_argument("--provider", default="")
    parser.add_argument("--folder", default="")
    given = cast("Any", parser.parse_args())
    bring_up("tachograph", "", given.folder)
    work = WORKS[given.work](given.provider)
    for number in range(_WARM):
        work(number)
    made = _WARM
    replaced = _replacements()
    whole: dict[str, list[float]] = {part: [] for part in PARTS}
    without: dict[str, list[float]] = {part: [] for part in PARTS}
    for block in range(given.blocks):
        for part in PARTS:
            for is_whole in (True, False) if block % 2 else (False, True):
                before = [getattr(owner, name) for owner, name, _ in replaced[part]]
                if not is_whole:
                    for owner, name, value in replaced[part]:
                        setattr(owner, name, value)
                began_s = time.process_time()
                for number in range(made, made + given.size):
                    work(number)
                (whole if is_whole else without)[part].append((time.process_time() - began_s) / given.size * 1e6)
                made += given.size
                for (owner, name, _), value in zip(replaced[part], before, strict=True):
                    setattr(owner, name, value)
    saved = {part: _quantile(whole[part]) - _quantile(without[part]) for part in PARTS}
    sys.stdout.write(json.dumps(saved) + "\n")


def _quantile(values: list[float]) -> float:
    """A low quantile: what else the machine does, and full collections of garbage, only ever add."""
    return sorted(values)[int(len(values) * _QUANTILE)]


if __name__ == "__main__":
    main()
