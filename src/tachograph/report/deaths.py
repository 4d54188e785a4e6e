"""When and how each process of a run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tachograph.report.model import Outcome, Process, ProcessEnd
from tachograph.report.values import integer_of, text_of, texts_of

if TYPE_CHECKING:
    from tachograph.report.gathered import Folded
    from tachograph.report.lines import Source


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
    """

    at_ns: int
    at_least: bool
    end: ProcessEnd


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
        opener = folded.process(folded.opener) if folded.opener is not None else None
        self._launcher: int | None = None
        if end is not None and opener is not None and opener.record.get("role") == "launcher":
            self._launcher = opener.record["pid"]
        self._signal = outcome.signal
        self._known = {id(source): self._work_out(source) for source in folded.sources}

    def of(self, source: Source) -> Death:
        """The end of one process."""
        return self._known[id(source)]

    def _work_out(self, source: Source) -> Death:
        known = self._folded.process(source)
        if known is not None and known.end_ns is not None:
            return Death(known.end_ns, at_least=False, end="ended")
        if source.alive:
            return Death(self.until_ns, at_least=False, end="running")
        if self._launcher is not None and known is not None and known.record.get("ppid") == self._launcher:
            # The launcher waits for this one and says at once that it is gone.
            return Death(self.until_ns, at_least=False, end="killed" if self._signal else "lost")
        return Death(min(self._last_sign(source), self.until_ns), at_least=True, end="lost")

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
                )
            )
        return found
