"""The report of a run as lines of text: the verdict first, then the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.cli.formats import count, duration, money, plural
from tachograph.cli.show_tables import open_table, phase_table, slow_table
from tachograph.cli.terminal import Screen, Style, clean, cut
from tachograph.report.time_words import moment
from tachograph.run.plugin_table import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.report import RunReport
    from tachograph.report.model import Sent

_INDENT, _LABEL = 2, 10
_COLUMN = _INDENT + _LABEL + 11

_ITEMS = {"traces": ("span", "spans"), "logs": ("log record", "log records"), "metrics": ("export", "metrics")}
_MOST_ERRORS = 3
_MOST_NAMES = 6
_STYLES: dict[str, Style] = {
    "completed": "green",
    "failed": "red",
    "blocked": "yellow",
    "interrupted": "yellow",
    "crashed": "red",
    "running": "bold",
}


def summary(report: RunReport, short: str, screen: Screen) -> Iterator[str]:
    """The lines of one screen.

    Parameters
    ----------
    report
        The report.
    short
        The short id that the next command may use.
    screen
        The screen it is shown on.
    """
    yield _verdict(report, short, screen)
    rows = list(_rows(report, screen))
    if rows:
        yield ""
        yield from rows
    died = report.outcome.status == "crashed" or any(span.process != "running" for span in report.open_spans)
    if report.open_spans:
        yield ""
        yield from open_table(report, screen, died=died)
    if report.timing.phases and (len(report.timing.phases) > 1 or report.timing.phases[0].count):
        yield ""
        yield from phase_table(report, screen)
    if report.calls:
        yield ""
        yield from slow_table(report, screen)
    yield ""
    yield from _tail(report, screen)
    yield _row("next", f"tacho show {short} --json    tacho list", screen)


def _verdict(report: RunReport, short: str, screen: Screen) -> str:
    outcome = report.outcome
    status: str = outcome.status
    if outcome.signal and status in {"crashed", "interrupted", "failed"}:
        status = f"{status} ({outcome.signal})"
    elif outcome.exit_code and status == "failed":
        status = f"failed (exit code {outcome.exit_code})"
    link = {"completed": "in", "running": "for"}.get(outcome.status, "after")
    verdict = f"{status} {link} {duration(report.timing.total_ns)}"
    cost = _cost(report)
    at = moment(report.timing.start_ns)
    clock = moment(report.timing.start_ns, clock=True)
    right = f"run {short}, {'today ' + at if ':' in at else at + ' ' + clock}"
    fixed = len(verdict) + (2 + len(cost) if cost else 0) + len(right) + 4
    name = cut(report.run.task or report.run.name, max(screen.width - fixed, 12))
    plain = f"{name}  {verdict}" + (f"  {cost}" if cost else "")
    styled = f"{screen.style(name, 'bold')}  {screen.style(verdict, _STYLES[outcome.status])}"
    styled += f"  {screen.style(cost, 'bold')}" if cost else ""
    return f"{styled}{' ' * max(screen.width - len(plain) - len(right), 2)}{screen.style(right, 'dim')}"


def _cost(report: RunReport) -> str:
    if not report.cost.totals:
        return ""
    text = " + ".join(money(total.amount, total.currency) for total in report.cost.totals)
    if not report.cost.complete:
        return f"at least {text}"
    return f"about {text}" if report.cost.estimated else text


def _row(label: str, text: str, screen: Screen, style: Style | None = None) -> str:
    words = text if style is None else screen.style(text, style)
    return f"{' ' * _INDENT}{label.ljust(_LABEL)}{words}".rstrip()


def _pair(label: str, figure: str, words: str, screen: Screen) -> Iterator[str]:
    """A figure with its explanation, wrapped to the screen."""
    room = max(screen.width - _COLUMN, 20)
    for index, line in enumerate(_wrapped(words, room) or [""]):
        head = label if index == 0 else ""
        yield _row(head, f"{(figure if index == 0 else '').ljust(11)}{line}", screen)


def _wrapped(text: str, room: int) -> list[str]:
    lines: list[str] = []
    for word in clean(text).split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return lines


def _rows(report: RunReport, screen: Screen) -> Iterator[str]:
    launcher_lost = any(process.role == "launcher" and process.end == "lost" for process in report.processes)
    if report.outcome.reason and (report.outcome.status != "completed" or launcher_lost):
        yield from _text_rows("reason", report.outcome.reason, screen)
    if report.run.goal:
        yield from _text_rows("goal", report.run.goal, screen)
    if report.calls:
        yield from _cost_row(report, screen)
        yield from _token_rows(report, screen)
        models = [f"{model.model or 'unknown model'} {model.calls}" for model in report.models[:_MOST_NAMES]]
        if len(report.models) > _MOST_NAMES:
            models.append(f"{len(report.models) - _MOST_NAMES} more")
        yield from _pair("calls", count(len(report.calls)), ", ".join(models), screen)
        yield from _retries_row(report, screen)
    elif not report.open_spans:
        yield from _pair("calls", "0", f"none with a recorded client ({', '.join(CLIENTS)})", screen)
    yield from _error_rows(report, screen)


def _retries_row(report: RunReport, screen: Screen) -> Iterator[str]:
    calls = report.calls
    retries = sum(call.retries or 0 for call in calls)
    refusals = (
        (sum(call.rate_limited or 0 for call in calls), 429),
        (sum(call.overloaded or 0 for call in calls), 529),
    )
    waited_ns = sum(call.waited_ns or 0 for call in calls)
    parts = [f"{count(number)} x {status}" for number, status in refusals if number]
    if retries:
        parts.insert(0, f"in {plural(sum(1 for call in calls if call.retries), 'call')}")
        if waited_ns:
            parts.append(f"waited {duration(waited_ns)}")
    if parts:
        yield from _pair("retries", count(retries), ", ".join(parts), screen)


def _text_rows(label: str, text: str, screen: Screen) -> Iterator[str]:
    for index, line in enumerate(_wrapped(text, screen.width - _INDENT - _LABEL)[:3]):
        yield _row(label if index == 0 else "", line, screen)


def _cost_row(report: RunReport, screen: Screen) -> Iterator[str]:
    cost = report.cost
    priced = sum(rates.calls for rates in cost.rates)
    words: list[str] = []
    if cost.unpriced:
        # A call that was open when its process died is not among the calls that ended.
        words.append(f"{priced} of {plural(priced + sum(u.calls for u in cost.unpriced), 'call')} priced")
        words.extend(f"{u.model or 'a call'}: {u.reason} ({plural(u.calls, 'call')})" for u in cost.unpriced[:3])
    if cost.estimated:
        words.append("based in part on estimated token counts")
    sources = sorted({rates.source for rates in cost.rates})
    if sources:
        words.append(f"prices: {', '.join(sources)}")
    figure = " + ".join(money(total.amount, total.currency) for total in cost.totals) or "unknown"
    yield from _pair("cost", figure, "; ".join(words), screen)


def _token_rows(report: RunReport, screen: Screen) -> Iterator[str]:
    tokens = report.tokens.sum
    classes = (
        ("in", tokens.input),
        ("cache read", tokens.cache_read),
        ("cache write", tokens.cache_write),
        ("out", tokens.output),
    )
    figures = [f"{name} {count(number)}" for name, number in classes if number is not None]
    if tokens.reasoning and figures:
        figures[-1] += f" ({count(tokens.reasoning)} of it reasoning)"
    figure = "unknown" if tokens.total is None else count(tokens.total)
    words = "  ".join(figures)
    if len(words) <= screen.width - _COLUMN:
        yield _row("tokens", f"{figure.ljust(11)}{words}", screen)
    else:
        yield from _pair("tokens", figure, ", ".join(figures), screen)
    provenance = report.tokens.provenance
    if provenance.estimated or provenance.missing:
        parts = (
            (provenance.reported, "reported"),
            (provenance.estimated, "estimated"),
            (provenance.missing, "missing"),
        )
        words = ", ".join(f"{word} for {plural(number, 'call')}" for number, word in parts if number)
        yield _row("", f"{' ' * 11}token counts: {words}", screen)


def _error_rows(report: RunReport, screen: Screen) -> Iterator[str]:
    total = sum(error.count for error in report.errors)
    for index, error in enumerate(report.errors[:_MOST_ERRORS]):
        text = error.type if not error.message else f"{error.type}: {error.message}"
        place = error.where or error.span or ""
        details = [place.removeprefix(f"{report.run.directory}/")] if place else []
        if error.count > 1:
            details.append(f"{error.count} times")
        details.append("handled" if error.handled else "not handled")
        room = (screen.width - _INDENT - _LABEL - 11) * 2
        ending = f" ({', '.join(clean(part) for part in details)})"
        words = cut(text, max(room - len(ending), 40)) + ending
        yield from _pair("errors" if index == 0 else "", count(total) if index == 0 else "", words, screen)
    if len(report.errors) > _MOST_ERRORS:
        yield _row("", f"{' ' * 11}{len(report.errors) - _MOST_ERRORS} more kinds", screen)


def _sent(signal: Sent, report: RunReport) -> str:
    one, many = _ITEMS[signal.signal]
    parts = [f"{plural(signal.sent, one, many)} to {signal.endpoint}" if signal.endpoint else f"no {many}"]
    if signal.refused:
        parts.append(f"{count(signal.refused)} refused" + (f" ({signal.refusal})" if signal.refusal else ""))
    if signal.waiting or (signal.failure and report.outcome.status != "running"):
        waiting = f"{count(signal.waiting)} not sent" if signal.waiting else "not all sent"
        parts.append(f"{waiting}: {signal.failure or 'not in time'}. Send the rest: tacho push {report.run.id[:8]}")
    elif signal.failure:
        parts.append(signal.failure)
    return ", ".join(parts)


def _tail(report: RunReport, screen: Screen) -> Iterator[str]:
    if [process.role for process in report.processes] == ["launcher"] and report.outcome.status != "running":
        yield from _text_rows("processes", "launcher only; no Python process in this run recorded anything", screen)
    if len(report.processes) > 1:
        ends = [
            f"{number} {word}"
            for word in ("running", "ended", "killed", "idle", "lost")
            if (number := sum(1 for process in report.processes if process.end == word))
        ]
        how = "all ended" if ends == [f"{len(report.processes)} ended"] else ", ".join(ends)
        yield from _text_rows("processes", f"{len(report.processes)}, {how}", screen)
    if report.redactions:
        kinds = ", ".join(f"{kind} {number}{_different(report, kind)}" for kind, number in report.redactions.items())
        yield from _text_rows("redacted", f"{plural(sum(report.redactions.values()), 'value')}: {kinds}", screen)
    for signal in report.sent:
        yield from _text_rows("sent", _sent(signal, report), screen)
    for double in report.doubles:
        folded, kept = double.folded or "an unnamed scope", double.kept or "an unnamed scope"
        verb = "it duplicates a call" if double.calls == 1 else "they duplicate calls"
        words = f"{plural(double.calls, 'span')} of {folded} not counted: {verb} recorded by {kept}"
        yield from _text_rows("doubles", words, screen)
    dropped = report.dropped
    losses = (
        (dropped.records + dropped.faults, "record lost", "records lost"),
        (dropped.torn_lines, "torn line", "torn lines"),
        (dropped.rotated_files, "file rotated away", "files rotated away"),
        (dropped.unreadable_files, "file unreadable", "files unreadable"),
        # With several processes it is in their row.
        (dropped.missing_ends if len(report.processes) == 1 else 0, "end of a process", "ends of processes"),
    )
    lost = [plural(number, one, many) for number, one, many in losses if number]
    if lost:
        yield from _text_rows("dropped", ", ".join(lost), screen)
    for label, notes in (("prices", report.cost.notes), ("warning", report.warnings)):
        for note in notes[:3]:
            yield from _text_rows(label, note, screen)


def _different(report: RunReport, kind: str) -> str:
    """How many different values of a kind were redacted, if that is known and there was more than one place."""
    number = report.secrets.get(kind, 0)
    if not number or report.redactions[kind] < 2:
        return ""
    return " (the same)" if number == 1 else f" ({number} different)"
