"""Decides which calls count while the run goes on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tachograph.journal.lines import parse, scope
from tachograph.report.folding.call import CallFacts, call_of
from tachograph.report.folding.doubles import awaits_second_record, fold_doubles
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.semconv import aliases, quirks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.doubles import Counted
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.open_spans import Ancestry
    from tachograph.report.folding.section import EndedSpan

_MOST_HELD = 10_000
"""Calls that are held at most; if there are more, all of them settle at once."""


class SettledCalls(Section[None]):
    """Settles which calls count and which repeat another one, as :class:`Calls` does at the end of the run.

    A span can repeat only a call that it overlaps in time. So calls are settled once no span is open that began before
    their end and is a call, or comes from an instrumentation that reports calls. A call that a later record may
    complete is held until that record has come. What comes too late is a span of an unknown tool that only shows at its
    end that it is a call.
    """

    keys = Calls.keys

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._open: dict[str, tuple[Source, int]] = {}
        self._held: list[CallFacts] = []

    def span_start(self, line: Line) -> None:
        """Note a span of an instrumentation that may show only at its end that it is a call."""
        if _reports_calls(scope(line[3])) and (record := parse(line[3])) is not None:
            self._open[record["span_id"]] = (line[0], record["start_ns"])

    def marked_start(self, record: dict[str, Any], line: Line) -> None:
        """Note a call that has begun."""
        if aliases.model_operation(record.get("attributes") or {}) is not None:
            self._open[record["span_id"]] = (line[0], record["start_ns"])

    def span_end(self, span: EndedSpan) -> None:
        """Hold a call that has ended."""
        if span.call is not None:
            self._held.append(span.call)

    def hold(self, record: dict[str, Any], ancestry: Ancestry) -> None:
        """Hold a call that was not settled in an earlier reading.

        Parameters
        ----------
        record
            Its `span.end` record.
        ancestry
            The phases, iterations and spans around it.
        """
        operation = aliases.model_operation(record["attributes"])
        if operation is not None:
            self._held.append(call_of(record, operation, ancestry)[0])

    @property
    def held(self) -> list[CallFacts]:
        """The calls that are not settled."""
        return self._held

    def settle(self, *, everything: bool = False) -> Counted:
        """The calls that are settled now, and the spans that repeat them.

        Parameters
        ----------
        everything
            Whether all calls settle, because no more records are expected.
        """
        settled: list[CallFacts] = self._held
        self._held = []
        calls = self.fold.section(Calls)
        if everything and settled == calls.all:
            # None was settled before, and the report wants the same.
            return calls.folded
        if not everything and len(settled) <= _MOST_HELD:
            settled, self._held = self._divided(settled)
        return fold_doubles(settled)

    def _divided(self, calls: list[CallFacts]) -> tuple[list[CallFacts], list[CallFacts]]:
        """The calls that are settled, and those that are not."""
        self._open = {span_id: begun for span_id, begun in self._open.items() if span_id in self.fold.open_spans}
        # The open calls of a process that is gone will never end.
        earliest_ns = min((start_ns for source, start_ns in self._open.values() if source.alive), default=None)
        settled: list[CallFacts] = []
        held: list[CallFacts] = []
        unpaired: list[CallFacts] = []
        for group in _groups(calls):
            if earliest_ns is not None and max(call.end_ns for call in group) >= earliest_ns:
                held.extend(group)
            elif any(map(_has_two_records, group)):
                unpaired.extend(group)
            else:
                settled.extend(group)
        # A second record could be taken for that of another call as long as its own is held.
        waits = any(map(_has_two_records, held))
        if waits or awaits_second_record(unpaired):
            held.extend(unpaired)
        else:
            settled.extend(unpaired)
        return settled, held


@lru_cache(1024)
def _reports_calls(name: bytes | None) -> bool:
    return name is not None and quirks.reports_calls(name.decode("latin-1"))


def _has_two_records(call: CallFacts) -> bool:
    """Whether a call may be one of two records of a stream, see :func:`fold_doubles`."""
    return call.late_ns is not None or (call.awaits_more and quirks.records_later(call.scope))


def _groups(calls: list[CallFacts]) -> Iterator[list[CallFacts]]:
    """Groups of calls that overlap in time, directly or through other calls."""
    group: list[CallFacts] = []
    until_ns = 0
    for call in sorted(calls, key=lambda call: call.start_ns):
        if group and call.start_ns > until_ns:
            yield group
            group = []
        group.append(call)
        until_ns = max(until_ns, call.end_ns) if len(group) > 1 else call.end_ns
    if group:
        yield group
