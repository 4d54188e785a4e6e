"""The iterations of a program's loop, which are a part of `timing` in the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tachograph.report.folding.open_spans import marks
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.folding.sections.models import Share, share_of
from tachograph.report.folding.sections.unfinished_spans import UnfinishedSpans
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from tachograph.report.folding.call import CallFacts
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan


class Iteration(Share):
    """One iteration of the program's loop, over all of its occurrences."""

    number: int
    count: int
    sum_ns: int


@dataclass(slots=True)
class _Occurrences:
    count: int = 0
    sum_ns: int = 0

    def add(self, duration_ns: int) -> None:
        self.count += 1
        self.sum_ns += duration_ns


class Iterations(Section[list[Iteration]]):
    """Counts the occurrences of iterations, and adds up their durations and calls."""

    keys = frozenset({tacho.ITERATION})

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._numbers: dict[int, _Occurrences] = {}

    def span_end(self, span: EndedSpan) -> None:
        """Count an occurrence of an iteration, if the span is one."""
        _, number = marks(span.record["attributes"])
        if number is not None:
            self._numbers.setdefault(number, _Occurrences()).add(span.end_ns - span.start_ns)

    def report(self) -> list[Iteration]:
        """The iterations in order of their numbers."""
        for span in self.fold.section(UnfinishedSpans).spans:
            _, number = marks(span.record.get("attributes"))
            if number is not None:
                self._numbers.setdefault(number, _Occurrences()).add(span.until_ns - span.record["start_ns"])
        calls: dict[int, list[CallFacts]] = {}
        for call in self.fold.section(Calls).counted:
            if call.ancestry.iteration is not None:
                calls.setdefault(call.ancestry.iteration, []).append(call)
        iterations: list[Iteration] = []
        for number in sorted({*self._numbers, *calls}):
            occurrences = self._numbers.get(number) or _Occurrences()
            share = share_of(calls.get(number, []))
            iterations.append(Iteration(number=number, count=occurrences.count, sum_ns=occurrences.sum_ns, **share))
        return iterations
