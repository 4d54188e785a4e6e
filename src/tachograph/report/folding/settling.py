"""Decides which calls count while the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.report.folding.call import CallFacts, call_of
from tachograph.report.folding.doubles import fold_doubles
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.semconv import aliases

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

    A span can repeat only a call that it overlaps in time. So calls are settled once no call is open that began before
    their end. A call that a later record may complete is held until that record has come.
    """

    keys = Calls.keys

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._open: dict[str, tuple[Source, int]] = {}
        self._held: list[CallFacts] = []

    def marked_start(self, record: dict[str, Any], line: Line) -> None:
        """Note a call that has begun."""
        if aliases.model_operation(record.get("attributes") or {}) is not None:
            self._open[record["span_id"]] = (line[0], record["start_ns"])

    def span_end(self, span: EndedSpan) -> None:
        """Hold a call that has ended."""
        self._open.pop(span.record["span_id"], None)
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
        if not everything and len(settled) <= _MOST_HELD:
            settled, self._held = self._divided(settled)
        return fold_doubles(settled)

    def _divided(self, calls: list[CallFacts]) -> tuple[list[CallFacts], list[CallFacts]]:
        """The calls that are settled, and those that are not."""
        # The open calls of a process that is gone will never end.
        earliest_ns = min((start_ns for source, start_ns in self._open.values() if source.alive), default=None)
        settled: list[CallFacts] = []
        held: list[CallFacts] = []
        unpaired: list[CallFacts] = []
        for group in _groups(calls):
            if earliest_ns is not None and max(call.end_ns for call in group) >= earliest_ns:
                held.extend(group)
            elif any(call.late_ns is not None or (call.awaits_more and not call.ours) for call in group):
                unpaired.extend(group)
            else:
                settled.extend(group)
        if any(call.awaits_more and not call.ours for call in fold_doubles(unpaired).calls):
            held.extend(unpaired)
        else:
            settled.extend(unpaired)
        return settled, held


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
