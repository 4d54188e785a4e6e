"""The tables of a run: phases, the slowest calls, what never ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.cli.formats import count, duration, money
from tachograph.cli.terminal import Screen, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.report import RunReport

_MOST_PHASES = 10
_MOST_CALLS = 3
_MOST_OPEN = 6
_LONGEST_BAR = 48


def phase_table(report: RunReport, screen: Screen) -> Iterator[str]:
    """Self times of phases as bars, longest first."""
    phases = report.timing.phases[:_MOST_PHASES]
    width = min(max(len("phase"), *(len(phase.name) for phase in phases)), 28)
    room = max(min(screen.width - 2 - width - 10 - 2 - 6 - 2 - 9 - 7, _LONGEST_BAR), 10)
    longest = max(phase.share for phase in phases) or 1.0
    bars = max(min(round(longest * room), _LONGEST_BAR), 1)
    head = f"  {'phase'.ljust(width)}{'self':>10}  {' ' * (room + 6)}{'total':>9}{'count':>7}"
    yield screen.style(head, "dim")
    for phase in phases:
        bar = screen.bar(phase.share / longest, bars) if phase.self_ns else ""
        share = f"{phase.share:.0%}" if phase.share >= 0.005 or not phase.self_ns else "<1%"
        occurred = f"{duration(phase.sum_ns):>9}{count(phase.count):>7}" if phase.count else ""
        text = f"  {cut(phase.name, width).ljust(width)}{duration(phase.self_ns):>10}  "
        yield f"{text}{f'{bar} {share}'.ljust(room + 6)}{occurred}".rstrip()


def slow_table(report: RunReport, screen: Screen) -> Iterator[str]:
    """The slowest calls, with their number in order of time."""
    most = _MOST_CALLS if screen.width < 100 else _MOST_CALLS + 2
    ranked = sorted(enumerate(report.calls, 1), key=lambda item: (-item[1].duration_ns, item[0]))[:most]
    streamed = any(call.first_chunk_ns is not None for _, call in ranked)
    rows: list[tuple[str, str, list[str]]] = []
    for number, call in ranked:
        tokens = call.tokens
        inputs = [part for part in (tokens.input, tokens.cache_read, tokens.cache_write) if part is not None]
        cells = [duration(call.duration_ns)]
        if streamed:
            cells.append("" if call.first_chunk_ns is None else duration(call.first_chunk_ns))
        cells += [
            count(sum(inputs)) if inputs else "-",
            count(tokens.output),
            "-" if call.cost is None else money(call.cost.amount, call.cost.currency),
        ]
        ending = "" if call.status == "ok" else f"  {call.error_type or 'failed'}"
        if call.stream not in {None, "complete"}:
            ending += f"  {call.stream}"
        rows.append((f"{number}", f"{call.response_model or call.request_model or call.operation}{ending}", cells))
    heads = ["time", *(["first"] if streamed else []), "in", "out", "cost"]
    widths = [max(len(head), *(len(cells[i]) for _, _, cells in rows)) for i, head in enumerate(heads)]
    left = max(len(number) for number, _, _ in rows)
    room = screen.width - 2 - left - 2 - sum(widths) - 2 * len(widths)
    name = min(max(len(text) for _, text, _ in rows), room)
    title = "slowest calls" if len(report.calls) > len(rows) else "calls"
    name = max(name, len(title) - left - 2)
    head = "".join(f"  {text:>{width}}" for text, width in zip(heads, widths, strict=True))
    yield screen.style(f"  {title.ljust(left + 2 + name)}{head}", "dim")
    for number, text, cells in rows:
        line = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        yield f"  {number:>{left}}  {cut(text, name).ljust(name)}{line}".rstrip()


def open_table(report: RunReport, screen: Screen, *, died: bool) -> Iterator[str]:
    """The spans that never ended, innermost last."""
    spans = report.open_spans[-_MOST_OPEN:]
    crashed = report.outcome.status == "crashed"
    title = "open when it died" if crashed else ("never ended" if died else "open now")
    yield screen.style(f"  {title}", "dim")
    width = min(max(len(span.name) for span in spans), max(screen.width // 2 - 8, 20))
    several = sum(1 for process in report.processes if process.role != "launcher") > 1
    for span in spans:
        time = f"{'> ' if span.at_least else ''}{duration(span.open_ns)}"
        around = [f"in {span.phase}"] if span.phase else []
        if span.iteration is not None:
            around.append(f"iteration {span.iteration}")
        if several:
            around.append(f"process {span.pid}")
        if span.thread and span.thread != "MainThread":
            around.append(f"thread {span.thread}")
        left = screen.width - 4 - width - 10 - 3
        yield f"    {cut(span.name, width).ljust(width)}{time:>10}   {cut(', '.join(around), left)}".rstrip()
    if len(report.open_spans) > len(spans):
        yield f"    and {len(report.open_spans) - len(spans)} more"
