"""Counts the calls of a run for its metrics, by the same rules as the report."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tachograph.journal import Tail
from tachograph.journal.merge import merged
from tachograph.report.folding.fold import Fold
from tachograph.report.folding.record_pass import Pass
from tachograph.report.folding.section import Section
from tachograph.report.folding.settling import SettledCalls
from tachograph.report.prices import Pricer
from tachograph_otlp.conversion import RecordConverter
from tachograph_otlp.genai_metrics import GenAIMetrics

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    converter
        Has the resource of the process, and whether the program sends its spans itself.
    start_ns
        When the process started, in ns since the epoch.
    metrics
        The metrics of the calls; None before the first call.
    has_unsent
        Whether a call was counted that is in no export the receiver accepted.
    has_ended
        Whether the process has recorded its end.
    pending
        An export that the receiver has not accepted yet.
    """

    def __init__(self) -> None:
        self.converter = RecordConverter()
        self.start_ns = 0
        self.metrics: GenAIMetrics | None = None
        self.has_unsent = False
        self.has_ended = False
        self.pending: MetricsData | None = None


class _CallOrigins(Section[None]):
    """Remembers which process each call that is not settled yet comes from."""

    keys = SettledCalls.keys

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self.sent_positions: Mapping[str, int] = {}
        self.processes: dict[Source, ProcessCalls] = {}
        self._calls: dict[str, tuple[ProcessCalls, bool]] = {}

    def process(self, record: dict[str, Any], line: Line) -> None:
        """Note resource, start and end of a process, and whether the program sends its spans itself."""
        process = self._process(line[0])
        process.converter.process(record)
        process.start_ns = process.start_ns or record.get("start_ns", 0)
        process.has_ended = process.has_ended or record.get("state") == "end"

    def span_end(self, span: EndedSpan) -> None:
        """Note the process of a call, and whether an earlier export has counted it."""
        _, part, at, text = span.line
        process = self._process(span.line[0])
        # The program's own exporters get the other calls, so those are not counted here.
        if span.call is not None and not process.converter.sent_by_program:
            already_sent = at + len(text) <= self.sent_positions.get(part.path.name, 0)
            self._calls[span.call.span_id] = (process, already_sent)

    def take(self, span_id: str) -> tuple[ProcessCalls, bool] | None:
        """The process of a call and whether an earlier export has counted it; forgotten afterwards."""
        return self._calls.pop(span_id, None)

    def _process(self, source: Source) -> ProcessCalls:
        return self.processes.setdefault(source, ProcessCalls())


class CallCounter:
    """Counts calls by process, each as soon as it is known that it repeats no other call.

    Parameters
    ----------
    run_dir
        The run's folder.
    sent_positions
        For each file of the journals, the byte up to which earlier exports have counted its calls.
    exporter
        An OTLP exporter of metrics; it has the temporality that is wanted.
    delta
        Whether only the calls that no earlier export has counted are wanted.
    """

    def __init__(self, run_dir: Path, sent_positions: Mapping[str, int], exporter: Any, *, delta: bool) -> None:
        self._exporter = exporter
        self._delta = delta
        self._tail = Tail(run_dir)
        fold = Fold(run_dir, self._tail.sources, Pricer())
        self._origins, self._settled = fold.section(_CallOrigins), fold.section(SettledCalls)
        self._origins.sent_positions = dict(sent_positions)
        self._pass = Pass(fold, [self._origins, self._settled])

    @property
    def positions(self) -> Mapping[str, int]:
        """For each file of the journals, the byte up to which it has been read."""
        return self._tail.positions

    @property
    def processes(self) -> list[ProcessCalls]:
        """The processes that made calls, in order of their start."""
        return [process for process in self._origins.processes.values() if process.metrics is not None]

    @property
    def holds_calls(self) -> bool:
        """Whether calls were read that are not counted yet, because they may repeat others."""
        return bool(self._settled.held)

    def read(self, *, everything: bool = False) -> bool:
        """Count the calls that have been written; whether there were any.

        Parameters
        ----------
        everything
            Whether all calls are counted, also those that a later record could show to be repeats.
        """
        now_ns = time.time_ns()
        # It is asked for ten times a second.
        self._tail.look(liveness=self.holds_calls)
        self._pass.read(merged(self._tail, None if everything else now_ns))
        settled = self._settled.settle(everything=everything or self._is_over())
        for span_id in settled.repeats:
            self._origins.take(span_id)
        return sum(self._count(call) for call in settled.calls) > 0

    def _count(self, call: CallFacts) -> bool:
        origin = self._origins.take(call.span_id)
        if origin is None:
            return False
        process, already_sent = origin
        if process.metrics is None:
            process.metrics = GenAIMetrics(process.converter.resource, self._exporter, process.start_ns)
        process.metrics.add(call, count=not (already_sent and self._delta))
        if already_sent:
            return False
        process.has_unsent = True
        return True

    def is_at_end(self) -> bool:
        """Whether everything that has been written was read."""
        return self._tail.is_at_end()

    def _is_over(self) -> bool:
        processes = self._origins.processes
        return all(source in processes and processes[source].has_ended for source in self._tail.sources if source.alive)
