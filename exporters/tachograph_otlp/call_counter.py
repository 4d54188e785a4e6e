"""Counts the calls of a run for its metrics, as the report counts them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tachograph.journal import Tail
from tachograph.journal.lines import stamp_at
from tachograph.journal.merge import merged
from tachograph.report.folding.fold import Fold
from tachograph.report.folding.record_pass import Pass
from tachograph.report.folding.section import Section
from tachograph.report.folding.settling import SettledCalls
from tachograph.report.prices import Pricer
from tachograph_otlp.conversion import Origin
from tachograph_otlp.genai_metrics import GenAIMetrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from opentelemetry.sdk.metrics.export import MetricsData

    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.call import CallFacts
    from tachograph.report.folding.section import EndedSpan


class ProcessCalls:
    """The calls of one process.

    Attributes
    ----------
    metrics
        What they add up to; None before the first.
    fresh
        Whether something was counted that is in no export the receiver took.
    has_ended
        Whether the process has recorded its end.
    held
        An export that is on its way.
    """

    def __init__(self) -> None:
        self.origin = Origin()
        self.start_ns = 0
        self.metrics: GenAIMetrics | None = None
        self.fresh = False
        self.has_ended = False
        self.held: MetricsData | None = None


class _Origins(Section[None]):
    """Where the calls come from that are not settled yet."""

    keys = SettledCalls.keys

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self.done: Mapping[str, int] = {}
        self.processes: dict[Source, ProcessCalls] = {}
        self._calls: dict[str, tuple[ProcessCalls, bool]] = {}

    def process(self, record: dict[str, Any], line: Line) -> None:
        """Note resource, start and end of a process, and whose provider its spans come from."""
        process = self._process(line[0])
        process.origin.process(record)
        process.start_ns = process.start_ns or record.get("start_ns", 0)
        process.has_ended = process.has_ended or record.get("state") == "end"

    def span_end(self, span: EndedSpan) -> None:
        """Note the process of a call, and whether it was done with before."""
        _, part, at, text = span.line
        process = self._process(span.line[0])
        # Those that the program's own exporters get are not counted here.
        if span.call is not None and not process.origin.sent_by_program:
            again = at + len(text) <= self.done.get(part.path.name, 0)
            self._calls[span.call.span_id] = (process, again)

    def take(self, span_id: str) -> tuple[ProcessCalls, bool] | None:
        """The process of a call and whether it was done with before; forgotten afterwards."""
        return self._calls.pop(span_id, None)

    def _process(self, source: Source) -> ProcessCalls:
        return self.processes.setdefault(source, ProcessCalls())


class CallCounter:
    """Counts calls by process. A call counts as soon as it is known that it repeats no other one.

    Parameters
    ----------
    run_dir
        The run's folder.
    done
        Up to which byte each file was done with before.
    exporter
        An OTLP exporter of metrics; it says which temporality is wanted.
    differences
        Whether only what is new is wanted, not what was done with before.
    """

    def __init__(self, run_dir: Path, done: Mapping[str, int], exporter: Any, *, differences: bool) -> None:
        self._exporter = exporter
        self._differences = differences
        self._tail = Tail(run_dir)
        fold = Fold(run_dir, self._tail.sources, Pricer())
        self._origins, self._settled = fold.section(_Origins), fold.section(SettledCalls)
        self._origins.done = dict(done)
        self._pass = Pass(fold, [self._origins, self._settled])

    @property
    def positions(self) -> Mapping[str, int]:
        """Up to which byte each file has been read."""
        return self._tail.positions

    @property
    def processes(self) -> list[ProcessCalls]:
        """The processes with calls, in order of their start."""
        return [process for process in self._origins.processes.values() if process.metrics is not None]

    @property
    def holds_calls(self) -> bool:
        """Whether calls have been read that are not counted, as they may repeat others."""
        return bool(self._settled.held)

    def read(self, *, everything: bool = False) -> bool:
        """Count what has been written; whether there was anything to count.

        Parameters
        ----------
        everything
            Whether nothing more is expected, so that no call is held back.
        """
        now = stamp_at(time.time_ns())
        self._tail.look()
        self._pass.read(merged(self._tail, None if everything else now))
        counted = self._settled.settle(everything=everything or self._is_over())
        for span_id in counted.repeats:
            self._origins.take(span_id)
        return sum(self._count(call) for call in counted.calls) > 0

    def _count(self, call: CallFacts) -> bool:
        origin = self._origins.take(call.span_id)
        if origin is None:
            return False
        process, again = origin
        if process.metrics is None:
            process.metrics = GenAIMetrics(process.origin.resource, self._exporter, process.start_ns)
        process.metrics.add(call, counts=not (again and self._differences))
        if again:
            return False
        process.fresh = True
        return True

    def is_at_end(self) -> bool:
        """Whether nothing has been written that was not read."""
        return self._tail.is_at_end()

    def _is_over(self) -> bool:
        processes = self._origins.processes
        ended = (source in processes and processes[source].has_ended for source in self._living())
        return all(ended)

    def _living(self) -> Iterator[Source]:
        return (source for source in self._tail.sources if source.alive)
