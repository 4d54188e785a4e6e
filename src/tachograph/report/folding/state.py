"""What one pass over the journals of a run gathers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tachograph.report.folding.errors import Faults
from tachograph.report.folding.open_spans import OpenSpans, marks
from tachograph.report.folding.phases import Stretch

if TYPE_CHECKING:
    from tachograph.journal.merge import Source
    from tachograph.report.folding.calls import CallFacts


@dataclass(slots=True)
class ProcessFacts:
    """What a process says of itself: the records of its start and, where it reached it, of its end."""

    record: dict[str, Any]
    end: dict[str, Any] | None = None

    @property
    def end_ns(self) -> int | None:
        """When it ended, None where it did not record that."""
        return None if self.end is None else self.end["end_ns"]


class ChildEnd(NamedTuple):
    """How a process ended, as its parent learned it.

    Attributes
    ----------
    pid
        The process.
    end_ns
        When the parent learned it.
    exit_code, signal
        One of them is None.
    """

    pid: int
    end_ns: int
    exit_code: int | None
    signal: str | None


@dataclass(slots=True)
class IterationFacts:
    """The occurrences of one iteration."""

    count: int = 0
    sum_ns: int = 0


@dataclass(slots=True)
class EventFacts:
    """The events of one name."""

    count: int
    first_ns: int
    last_ns: int


@dataclass(slots=True)
class Folded:
    """Everything one pass gathers."""

    sources: list[Source]
    opened: OpenSpans = field(default_factory=OpenSpans)
    run_id: str | None = None
    start_ns: int | None = None
    first_ns: int | None = None
    last_ns: int = 0
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    opener: Source | None = None
    said: dict[str, Any] | None = None
    end: dict[str, Any] | None = None
    processes: dict[int, ProcessFacts] = field(default_factory=dict[int, ProcessFacts])
    child_ends: list[ChildEnd] = field(default_factory=list[ChildEnd])
    calls: list[CallFacts] = field(default_factory=list["CallFacts"])
    stretches: list[Stretch] = field(default_factory=list[Stretch])
    iterations: dict[int, IterationFacts] = field(default_factory=dict[int, IterationFacts])
    events: dict[str, EventFacts] = field(default_factory=dict[str, EventFacts])
    redactions: Counter[str] = field(default_factory=Counter[str])
    secrets: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict[str, set[bytes]](set))
    dropped: Counter[str] = field(default_factory=Counter[str])
    problems: Counter[str] = field(default_factory=Counter[str])
    torn: set[int] = field(default_factory=set[int])
    spans: int = 0
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.faults = Faults(self.opened)

    def process(self, source: Source) -> ProcessFacts | None:
        """What the process of a source says of itself."""
        return self.processes.get(id(source))

    def launcher(self) -> int | None:
        """The process id of the launcher, None where the program opened the run itself."""
        opener = None if self.opener is None else self.process(self.opener)
        return opener.record["pid"] if opener is not None and opener.record.get("role") == "launcher" else None

    def command(self) -> Source | None:
        """The journal of the process that the launcher started, None where it has none."""
        launcher = self.launcher()
        if launcher is None:
            return None
        started = [
            source
            for source in self.sources
            if (known := self.process(source)) is not None and known.record.get("ppid") == launcher
        ]
        # One that becomes another program begins another journal under the same process id.
        return max(started, key=lambda source: source.parts[0].start_ns, default=None)

    def tear(self, source: Source) -> None:
        """A line of a source cannot be read."""
        self.dropped["torn_lines"] += 1
        self.torn.add(id(source))

    def broken_off(self, source: Source) -> bool:
        """Whether a journal ends within a record, with nothing said of how its process ended."""
        known = self.process(source)
        return id(source) in self.torn and (known is None or known.end_ns is None) and not source.alive


def mark(folded: Folded, record: dict[str, Any], depth: int, end_ns: int) -> None:
    """Keep the occurrence of a phase or an iteration."""
    phase, iteration = marks(record.get("attributes"))
    start_ns: int = record["start_ns"]
    if phase is not None:
        folded.stretches.append(Stretch(start_ns, depth, record["span_id"], end_ns, phase))
    if iteration is not None:
        facts = folded.iterations.setdefault(iteration, IterationFacts())
        facts.count += 1
        facts.sum_ns += end_ns - start_ns
