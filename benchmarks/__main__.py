"""Runs the benchmarks: `python -m benchmarks [P1 P2 P3 P5 P6 P7 OTLP] [--quick] [--write FILE]`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from benchmarks import calls, conversation, reading, redaction, sending, spans, startup
from benchmarks.measure import Bench, has_valgrind, say, server

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[..., tuple[list[str], bool]]

_PARTS: dict[str, tuple[str, Measure]] = {
    "P1": ("P1: a call of a model", calls.measure),
    "P2": ("P2: a span", spans.measure),
    "P3": ("P3: start-up", startup.measure),
    "P5": ("P5: redaction", redaction.measure),
    "P6": ("P6: a long conversation", conversation.measure),
    "P7": ("P7: reading a run", reading.measure),
    "OTLP": ("OTLP: a call that is sent on", sending.measure),
}
_BEGIN, _END = "<!-- measured -->", "<!-- /measured -->"
_COMPARED = (
    "openai",
    "anthropic",
    "opentelemetry-sdk",
    "opentelemetry-instrumentation-genai-openai",
    "opentelemetry-instrumentation-genai-anthropic",
)


def main() -> int:
    """Measure and print; 1 where a budget does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What recording costs.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(_PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="few rounds and no instruction counts: a try, no verdict")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the result into the marked block of a file")
    said = cast("Any", parser.parse_args())
    wanted: list[str] = said.parts or list(_PARTS)
    for part in wanted:
        if part not in _PARTS:
            parser.error(f"{part} is none of {', '.join(_PARTS)}")
    if not has_valgrind():
        say("valgrind is not installed: times only, and no verdict on P1")

    lines: list[str] = [_where(), ""]
    all_held = True
    with (
        tempfile.TemporaryDirectory() as folder,
        server("tachograph.demo") as provider,
        server("benchmarks.sink") as sink,
    ):
        bench = Bench(provider, sink, folder)
        for part in wanted:
            title, measure = _PARTS[part]
            found, held = measure(bench, quick=said.quick)
            all_held = all_held and held
            verdict = "tried, not judged" if said.quick else "within the budget" if held else "over the budget"
            lines += [f"### {title}: {verdict}", "", *found, ""]
    text = "\n".join(lines).rstrip() + "\n"
    sys.stdout.write(text)
    if said.write is not None:
        _write(said.write, text)
    return 0 if all_held or said.quick else 1


def _where() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _COMPARED)
    day = datetime.now(UTC).strftime("%d %B %Y")
    machine = f"{os.cpu_count()} {platform.machine()} cores"
    return f"Measured on {day}, {machine}, CPython {platform.python_version()}, {versions}."


def _write(path: Path, text: str) -> None:
    page = path.read_text("utf-8")
    before, found, rest = page.partition(_BEGIN)
    _, closed, after = rest.partition(_END)
    if not (found and closed):
        raise SystemExit(f"bench: {path} has no block between {_BEGIN} and {_END}")
    path.write_text(f"{before}{_BEGIN}\n\n{text}\n{_END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
