"""The records that the processes of a run have written about themselves and their children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tachograph.journal.coerce import integer_of, text_of
from tachograph.report.folding.section import Section

if TYPE_CHECKING:
    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold


@dataclass(slots=True)
class ProcessFacts:
    """The records of the start of a process and, if it was written, of its end."""

    start: dict[str, Any]
    end: dict[str, Any] | None = None

    @property
    def end_ns(self) -> int | None:
        """When it ended in ns since the epoch, None if it did not record that."""
        return None if self.end is None else self.end["end_ns"]


class ChildEnd(NamedTuple):
    """How a process ended, as its parent recorded it.

    Attributes
    ----------
    pid
        The process id.
    end_ns
        When the parent learned it, in ns since the epoch.
    exit_code, signal
        Its exit code or the name of the signal that ended it; the other is None.
    """

    pid: int
    end_ns: int
    exit_code: int | None
    signal: str | None


class ProcessRecords(Section[None]):
    """Collects the records of processes.

    Attributes
    ----------
    opener
        The journal of the process that opened the run; None if it recorded nothing.
    child_ends
        How processes ended, as their parents recorded it.
    torn_sources
        The journals in which a line cannot be read.
    """

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._facts: dict[Source, ProcessFacts] = {}
        self.opener: Source | None = None
        self.child_ends: list[ChildEnd] = []
        self.torn_sources: set[Source] = set()

    def run(self, record: dict[str, Any], line: Line) -> None:
        """Note the process that opened the run."""
        if record["state"] == "start":
            self.opener = line[0]

    def process(self, record: dict[str, Any], line: Line) -> None:
        """Note the start or end of a process, or the end of its child."""
        match record["state"]:
            case "end":
                self.fold.lived(record["end_ns"])
                facts = self._facts.get(line[0])
                if facts is not None:
                    facts.end = record
            case "child":
                self.fold.lived(record["end_ns"])
                code, signal = integer_of(record.get("exit_code")), text_of(record.get("signal"))
                self.child_ends.append(ChildEnd(record["child_pid"], record["end_ns"], code, signal))
            case "start" if line[0] not in self._facts:
                # Each file of a journal begins with this record; the first one counts.
                self._facts[line[0]] = ProcessFacts(record)
                self.fold.began(record["start_ns"])
            case _:
                pass

    def torn(self, source: Source) -> None:
        """Note the journal of a torn line."""
        self.torn_sources.add(source)

    def of(self, source: Source) -> ProcessFacts | None:
        """The records of the process of a journal, None if it has none."""
        return self._facts.get(source)

    def launcher(self) -> int | None:
        """The process id of the launcher, None if the program opened the run itself."""
        opener = None if self.opener is None else self.of(self.opener)
        return opener.start["pid"] if opener is not None and opener.start.get("role") == "launcher" else None

    def command(self) -> Source | None:
        """The journal of the process that the launcher started, None if it has none."""
        launcher = self.launcher()
        if launcher is None:
            return None
        started = [
            source
            for source in self.fold.sources
            if (facts := self.of(source)) is not None and facts.start.get("ppid") == launcher
        ]
        # A process that executes another program begins another journal under the same process id.
        return max(started, key=lambda source: source.start_ns, default=None)

    def broke_off(self, source: Source) -> bool:
        """Whether a journal ends in the middle of a record, and its process did not record its end."""
        facts = self.of(source)
        return source in self.torn_sources and (facts is None or facts.end_ns is None) and not source.alive
