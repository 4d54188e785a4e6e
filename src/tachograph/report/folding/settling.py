"""Decides which calls count while the run goes on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tachograph.journal.coerce import table_of
from tachograph.journal.lines import finder, scope
from tachograph.report.folding.call import CallFacts, call_of
from tachograph.report.folding.doubles import awaits_second_record, fold_doubles
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.semconv import aliases, quirks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.report.folding.doubles import Counted
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.open_spans import Ancestry, OpenedSpan
    from tachograph.report.folding.section import EndedSpan

_MOST_HELD = 10_000
"""Calls that are held at most; if there are more, all of them settle at once."""

_find_key = finder(Calls.keys)


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
        self._held: list[CallFacts] = []

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
        if not calls:
            return [], []
        # The open calls of a process that is gone will never end.
        open_spans = self.fold.open_spans.where(lambda line: line[0].alive and _may_be_call(line[3]))
        earliest_ns = min((span.record["start_ns"] for span in open_spans if _is_call(span)), default=None)
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


def _may_be_call(start: bytes) -> bool:
    """Whether a span is a call, or may show only at its end that it is one, by the line of its start."""
    return _reports_calls(scope(start)) or _find_key(start) is not None


def _is_call(span: OpenedSpan) -> bool:
    attributes = table_of(span.record.get("attributes"))
    return aliases.model_operation(attributes) is not None or _reports_calls(scope(span.line[3]))


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
