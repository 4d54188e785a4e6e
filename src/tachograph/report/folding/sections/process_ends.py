"""Works out when and how each process of a run ended."""

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
"""Signals that ask a process to end. A process with nothing open loses nothing by them."""
_INIT = 1
"""The launcher may have this process id in a container; then all orphaned processes are its children."""


class End(NamedTuple):
    """The end of a process.

    Attributes
    ----------
    at_ns
        When it ended, in ns since the epoch; the time of the report if it is running.
    at_least
        Whether it may have ended later, because `at_ns` is only its last sign of life.
    end
        How it ended.
    exit_code, signal
        Its exit code and the name of the signal that ended it; None if not known.
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
        The end of the time that the report covers: the end of the run or, while it is running, now.
    """

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._records = fold.section(ProcessRecords)
        self._outcome = fold.section(Outcomes).outcome
        run = fold.section(RunFacts)
        running = self._outcome.status == "running"
        self.start_ns = run.start_ns or fold.first_ns or fold.last_ns or fold.now_ns
        recorded_end_ns: int | None = None if run.end is None else run.end["end_ns"]
        self.end_ns: int | None = None if running else max(recorded_end_ns or fold.last_ns, self.start_ns)
        self.until_ns = max(fold.now_ns, self.start_ns) if self.end_ns is None else self.end_ns
        self._launcher = None if run.end is None else self._records.launcher()
        self._command = self._records.command()
        self._busy = {span.source for span in fold.open_spans.remaining()}
        self._by_pid = _by_pid(fold.sources)
        self._child_ends = _assigned(self._records.child_ends, self._by_pid)
        self._ends = {source: self._work_out(source) for source in fold.sources}

    def of(self, source: Source) -> End:
        """The end of one process."""
        return self._ends[source]

    def _work_out(self, source: Source) -> End:
        facts = self._records.of(source)
        child_end = self._child_ends.get(source)
        exit_code, signal = (None, None) if child_end is None else (child_end.exit_code, child_end.signal)
        if self._launcher is not None and self._launcher != _INIT and source is self._command:
            exit_code, signal = self._outcome.exit_code, self._outcome.signal
        if facts is not None and facts.end is not None:
            signal = signal or (text_of(facts.end.get("signal")) if exit_code is None else None)
            return End(facts.end["end_ns"], at_least=False, end="ended", exit_code=exit_code, signal=signal)
        if source.alive:
            return End(self.until_ns, at_least=False, end="running")
        if self._launcher is not None and facts is not None and facts.start.get("ppid") == self._launcher:
            # The launcher waits for this process and ends when it does.
            end = "killed" if self._outcome.signal else "lost" if exit_code is None else "ended"
            return End(self.until_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        if child_end is not None:
            in_order = signal is None or (signal in _REQUESTS and source not in self._busy)
            end = "ended" if in_order else "killed"
            at_ns = min(child_end.end_ns, self.until_ns)
            return End(at_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        last_ns = self._last_sign(source)
        end = "idle" if self._was_idle(source, facts, last_ns) else "lost"
        return End(min(last_ns, self.until_ns), at_least=True, end=end)

    def _was_idle(self, source: Source, facts: ProcessFacts | None, last_ns: int) -> bool:
        """Whether nothing suggests that a process was cut off: nothing was open, and its parent ended in order."""
        if facts is None or source in self._busy or source in self._records.torn_sources:
            return False
        for other in self._by_pid.get(facts.start.get("ppid", 0), ()):
            parent = self._records.of(other)
            if parent is None or parent.end is None:
                continue
            began = parent.start["start_ns"] <= facts.start["start_ns"]
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
    """How processes ended, as their parents recorded it, by the journal of the child."""
    assigned: dict[Source, ChildEnd] = {}
    for child_end in child_ends:
        # Process ids are reused, so this is the last process that had begun by then and has no end yet.
        begun = [source for source in by_pid.get(child_end.pid, ()) if source.start_ns <= child_end.end_ns]
        without_end = [source for source in begun if source not in assigned]
        if without_end:
            assigned[max(without_end, key=lambda source: source.start_ns)] = child_end
    return assigned
