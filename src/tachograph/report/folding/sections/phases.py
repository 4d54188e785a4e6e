"""The member `timing` of the report: the time of the run by phase and by iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from tachograph.report.folding.open_spans import marks
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.folding.sections.iterations import Iteration, Iterations
from tachograph.report.folding.sections.processes import Processes
from tachograph.report.folding.sections.unfinished_spans import UnfinishedSpans
from tachograph.report.folding.self_times import OTHER, Stretch, self_times
from tachograph.report.part import Part
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan

AI_EXECUTION = "ai_execution"
"""The phase of model calls outside of any other phase; each call is an occurrence of it."""


class Phase(Part):
    """One phase, over all of its occurrences.

    ``self_ns`` partitions the run's time: at each instant it belongs to the phase that was opened last among those
    open, in whatever thread or process, and to ``other`` if none is open; the self times of all phases add up to the
    run's total. ``sum_ns`` adds up the durations of the occurrences, which overlap if phases run side by side.
    """

    name: str
    count: int
    self_ns: int
    sum_ns: int
    average_ns: int | None
    min_ns: int | None
    max_ns: int | None
    share: float = Field(description="self_ns as a part of the run's total, 0 to 1")


class Timing(Part):
    """The time of the run, by phase and by iteration."""

    start_ns: int
    end_ns: int | None = Field(description="null while the run is running")
    total_ns: int = Field(description="From the start to the end or, if that is unknown, to the last sign of life")
    phases: list[Phase] = Field(description="By self time, longest first")
    iterations: list[Iteration]


class Phases(Section[Timing]):
    """Collects the occurrences of phases."""

    keys = frozenset({tacho.PHASE})
    needs = (Iterations,)

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._ended: list[Stretch] = []

    def span_end(self, span: EndedSpan) -> None:
        """Keep an occurrence of a phase, if the span is one."""
        name, _ = marks(span.record["attributes"])
        if name is not None:
            depth = span.ancestry.depth
            self._ended.append(Stretch(span.start_ns, depth, span.record["span_id"], span.end_ns, name))

    def report(self) -> Timing:
        """The time of the run, by phase and by iteration."""
        ends = self.fold.section(Processes).ends
        stretches = [*self._ended, *self._unfinished(), *self._calls()]
        total_ns = ends.until_ns - ends.start_ns
        owned = self_times(stretches, ends.start_ns, ends.until_ns)
        durations: dict[str, list[int]] = {name: [] for name in owned}
        for stretch in stretches:
            durations.setdefault(stretch.name, []).append(stretch.end_ns - stretch.start_ns)
        phases = [_phase(name, each, owned.get(name, 0), total_ns) for name, each in durations.items()]
        return Timing(
            start_ns=ends.start_ns,
            end_ns=ends.end_ns,
            total_ns=total_ns,
            phases=sorted(
                (phase for phase in phases if phase.count or phase.self_ns or phase.name != OTHER),
                key=lambda phase: (-phase.self_ns, phase.name),
            ),
            iterations=self.fold.section(Iterations).report(),
        )

    def _unfinished(self) -> Iterator[Stretch]:
        for span in self.fold.section(UnfinishedSpans).spans:
            name, _ = marks(span.record.get("attributes"))
            if name is not None:
                yield Stretch(span.record["start_ns"], span.ancestry.depth, span.record["span_id"], span.until_ns, name)

    def _calls(self) -> Iterator[Stretch]:
        for call in self.fold.section(Calls).counted:
            if call.ancestry.phase is None:
                yield Stretch(call.start_ns, 0, call.span_id, call.end_ns, AI_EXECUTION)


def _phase(name: str, durations: list[int], self_ns: int, total_ns: int) -> Phase:
    return Phase(
        name=name,
        count=len(durations),
        self_ns=self_ns,
        sum_ns=sum(durations),
        average_ns=sum(durations) // len(durations) if durations else None,
        min_ns=min(durations, default=None),
        max_ns=max(durations, default=None),
        share=self_ns / total_ns if total_ns else 0.0,
    )
