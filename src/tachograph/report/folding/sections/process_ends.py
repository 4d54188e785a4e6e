"""When and how each process of a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tachograph.journal.coerce import text_of
from tachograph.report.folding.sections.outcome import Outcomes
from tachograph.report.folding.sections.process_records import ProcessRecords
from tachograph.report.folding.sections.run_facts import RunFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tachograph.journal import Source
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.sections.process_records import ChildEnd, ProcessFacts
    from tachograph.report.part import ProcessEnd

_REQUESTS = frozenset({"SIGTERM", "SIGINT", "SIGHUP"})
"""Signals that ask a process to end. One that was doing nothing has lost nothing by it."""
_INIT = 1
"""The launcher in a container may be this: then all processes without a parent are its children."""


class End(NamedTuple):
    """The end of a process.

    Attributes
    ----------
    at_ns
        When, in ns since the epoch; for one that runs, the moment of the report.
    at_least
        Whether it may have been later: the moment is the last sign of life.
    end
        How.
    exit_code, signal
        As far as they are known.
    """

    at_ns: int
    at_least: bool
    end: ProcessEnd
    exit_code: int | None = None
    signal: str | None = None


class ProcessEnds:
    """Works out the bounds of a run and the ends of its processes, once all records have gone by.

    Parameters
    ----------
    fold
        The run.

    Attributes
    ----------
    start_ns, end_ns
        When the run began and ended, in ns since the epoch; no end is None while it is running.
    until_ns
        The end of what is accounted for: that of the run, or now.
    """

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._records = fold.section(ProcessRecords)
        self._outcome = fold.section(Outcomes).outcome
        run = fold.section(RunFacts)
        running = self._outcome.status == "running"
        self.start_ns = run.start_ns or fold.first_ns or fold.last_ns or fold.now_ns
        known_end: int | None = None if run.end is None else run.end["end_ns"]
        self.end_ns: int | None = None if running else max(known_end or fold.last_ns, self.start_ns)
        self.until_ns = max(fold.now_ns, self.start_ns) if self.end_ns is None else self.end_ns
        self._launcher = None if run.end is None else self._records.launcher()
        self._command = self._records.command()
        self._busy = {span.source for span in fold.open_spans.remaining()}
        self._by_pid = _by_pid(fold.sources)
        self._as_parents_saw = _assigned(self._records.child_ends, self._by_pid)
        self._known = {source: self._work_out(source) for source in fold.sources}

    def of(self, source: Source) -> End:
        """The end of one process."""
        return self._known[source]

    def _work_out(self, source: Source) -> End:
        known = self._records.of(source)
        seen = self._as_parents_saw.get(source)
        exit_code, signal = (None, None) if seen is None else (seen.exit_code, seen.signal)
        if self._launcher is not None and self._launcher != _INIT and source is self._command:
            exit_code, signal = self._outcome.exit_code, self._outcome.signal
        if known is not None and known.end is not None:
            signal = signal or (text_of(known.end.get("signal")) if exit_code is None else None)
            return End(known.end["end_ns"], at_least=False, end="ended", exit_code=exit_code, signal=signal)
        if source.alive:
            return End(self.until_ns, at_least=False, end="running")
        if self._launcher is not None and known is not None and known.start.get("ppid") == self._launcher:
            # The launcher waits for this one, and ends with it.
            end = "killed" if self._outcome.signal else "lost" if exit_code is None else "ended"
            return End(self.until_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        if seen is not None:
            in_order = signal is None or (signal in _REQUESTS and source not in self._busy)
            end = "ended" if in_order else "killed"
            at_ns = min(seen.end_ns, self.until_ns)
            return End(at_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        last_ns = self._last_sign(source)
        end = "idle" if self._was_idle(source, known, last_ns) else "lost"
        return End(min(last_ns, self.until_ns), at_least=True, end=end)

    def _was_idle(self, source: Source, known: ProcessFacts | None, last_ns: int) -> bool:
        """Whether nothing hints that a process was cut off: it did nothing, and its parent ended in order after it."""
        if known is None or source in self._busy or source in self._records.torn_sources:
            return False
        for other in self._by_pid.get(known.start.get("ppid", 0), ()):
            parent = self._records.of(other)
            if parent is None or parent.end is None:
                continue
            began = parent.start["start_ns"] <= known.start["start_ns"]
            if began and last_ns <= parent.end["end_ns"] and text_of(parent.end.get("outcome")) is None:
                return True
        return False

    def _last_sign(self, source: Source) -> int:
        if len(self._fold.sources) == 1:
            return self._fold.last_ns
        try:
            return source.parts[-1].path.stat().st_mtime_ns
        except OSError:
            return self.until_ns


def _by_pid(sources: Iterable[Source]) -> dict[int, list[Source]]:
    journals: dict[int, list[Source]] = {}
    for source in sources:
        journals.setdefault(source.pid, []).append(source)
    return journals


def _assigned(child_ends: Iterable[ChildEnd], by_pid: Mapping[int, Sequence[Source]]) -> dict[Source, ChildEnd]:
    """What parents learned of the ends of their children, by the journal of the child."""
    assigned: dict[Source, ChildEnd] = {}
    for seen in child_ends:
        # Process ids are used again: it is the last to have begun by then whose end is not known yet.
        begun = [source for source in by_pid.get(seen.pid, ()) if source.start_ns <= seen.end_ns]
        left = [source for source in begun if source not in assigned]
        if left:
            assigned[max(left, key=lambda source: source.start_ns)] = seen
    return assigned
