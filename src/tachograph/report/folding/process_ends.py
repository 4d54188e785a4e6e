"""When and how each process of a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tachograph.journal.coerce import integer_of, text_of, texts_of
from tachograph.report.model import Outcome, Process, ProcessEnd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tachograph.journal.merge import Source
    from tachograph.report.folding.state import ChildEnd, Folded, ProcessFacts

_REQUESTS = frozenset({"SIGTERM", "SIGINT", "SIGHUP"})
"""Signals that ask a process to end. One that was doing nothing has lost nothing by it."""
_INIT = 1
"""The launcher in a container may be this: then all processes without a parent are its children."""


class Death(NamedTuple):
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


class Deaths:
    """Works out the ends of processes.

    Parameters
    ----------
    folded
        What was gathered.
    outcome
        How the run ended.
    now_ns
        The moment until which what is running has run.
    """

    def __init__(self, folded: Folded, outcome: Outcome, now_ns: int) -> None:
        self._folded = folded
        self.running = outcome.status == "running"
        end = folded.end
        self.start_ns = folded.start_ns or folded.first_ns or folded.last_ns or now_ns
        known_end: int | None = None if end is None else end["end_ns"]
        self.end_ns: int | None = None if self.running else max(known_end or folded.last_ns, self.start_ns)
        """The end of the run, None while it is running."""
        self.until_ns = max(now_ns, self.start_ns) if self.end_ns is None else self.end_ns
        """The end of what is accounted for."""
        self._launcher = None if end is None else folded.launcher()
        self._command = folded.command()
        self._outcome = outcome
        self._busy = {id(span.source) for span in folded.opened.remaining()}
        self._by_pid = _by_pid(folded.sources)
        self._as_parents_saw = _assigned(folded, self._by_pid)
        self._known = {id(source): self._work_out(source) for source in folded.sources}

    def of(self, source: Source) -> Death:
        """The end of one process."""
        return self._known[id(source)]

    def _work_out(self, source: Source) -> Death:
        known = self._folded.process(source)
        seen = self._as_parents_saw.get(id(source))
        exit_code, signal = (None, None) if seen is None else (seen.exit_code, seen.signal)
        if self._launcher is not None and self._launcher != _INIT and source is self._command:
            exit_code, signal = self._outcome.exit_code, self._outcome.signal
        if known is not None and known.end is not None:
            signal = signal or (text_of(known.end.get("signal")) if exit_code is None else None)
            return Death(known.end["end_ns"], at_least=False, end="ended", exit_code=exit_code, signal=signal)
        if source.alive:
            return Death(self.until_ns, at_least=False, end="running")
        if self._launcher is not None and known is not None and known.record.get("ppid") == self._launcher:
            # The launcher waits for this one and says at once that it is gone.
            end = "killed" if self._outcome.signal else "lost" if exit_code is None else "ended"
            return Death(self.until_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        if seen is not None:
            in_order = signal is None or (signal in _REQUESTS and id(source) not in self._busy)
            end = "ended" if in_order else "killed"
            at_ns = min(seen.end_ns, self.until_ns)
            return Death(at_ns, at_least=False, end=end, exit_code=exit_code, signal=signal)
        last_ns = self._last_sign(source)
        end = "idle" if self._was_idle(source, known, last_ns) else "lost"
        return Death(min(last_ns, self.until_ns), at_least=True, end=end)

    def _was_idle(self, source: Source, known: ProcessFacts | None, last_ns: int) -> bool:
        """Whether nothing hints that a process was cut off: it did nothing, and its parent ended in order after it."""
        if known is None or id(source) in self._busy or id(source) in self._folded.torn:
            return False
        for other in self._by_pid.get(known.record.get("ppid", 0), ()):
            parent = self._folded.process(other)
            if parent is None or parent.end is None:
                continue
            began = parent.record["start_ns"] <= known.record["start_ns"]
            if began and last_ns <= parent.end["end_ns"] and text_of(parent.end.get("outcome")) is None:
                return True
        return False

    def _last_sign(self, source: Source) -> int:
        if len(self._folded.sources) == 1:
            return self._folded.last_ns
        try:
            return source.parts[-1].path.stat().st_mtime_ns
        except OSError:
            return self.until_ns

    def processes(self) -> list[Process]:
        """The processes of the run in order of their start."""
        found: list[Process] = []
        for source in self._folded.sources:
            first = source.parts[0]
            known = self._folded.process(source)
            record = {} if known is None else known.record
            death = self.of(source)
            found.append(
                Process(
                    pid=first.pid,
                    ppid=integer_of(record.get("ppid")),
                    role=text_of(record.get("role")),
                    command=texts_of(record.get("command")),
                    python=text_of(record.get("python")),
                    start_ns=record.get("start_ns", first.start_ns),
                    end_ns=death.at_ns if death.end in {"ended", "killed"} else None,
                    end=death.end,
                    exit_code=death.exit_code,
                    signal=death.signal,
                )
            )
        return found


def _by_pid(sources: Iterable[Source]) -> dict[int, list[Source]]:
    found: dict[int, list[Source]] = {}
    for source in sources:
        found.setdefault(source.parts[0].pid, []).append(source)
    return found


def _assigned(folded: Folded, by_pid: Mapping[int, Sequence[Source]]) -> dict[int, ChildEnd]:
    """What parents learned of the ends of their children, by the identity of the child's journal."""
    assigned: dict[int, ChildEnd] = {}
    for seen in folded.child_ends:
        # Process ids are used again: it is the last to have begun by then whose end is not known yet.
        begun = [source for source in by_pid.get(seen.pid, ()) if source.parts[0].start_ns <= seen.end_ns]
        left = [source for source in begun if id(source) not in assigned]
        if left:
            assigned[id(max(left, key=lambda source: source.parts[0].start_ns))] = seen
    return assigned
