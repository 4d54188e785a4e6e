"""The member `events` of the report: the events by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.errors import is_uncaught
from tachograph.report.part import Part

if TYPE_CHECKING:
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold


class EventReport(Part):
    """The events with one name."""

    name: str
    count: int
    first_ns: int
    last_ns: int


@dataclass(slots=True)
class _Occurrences:
    count: int
    first_ns: int
    last_ns: int


class Events(Section[list[EventReport]]):
    """Counts events by name, except for errors that no code handled, which are in `errors`."""

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._names: dict[str, _Occurrences] = {}

    def event(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Count an event."""
        name = record["name"]
        if not isinstance(name, str):
            raise TypeError(name)
        time_ns: int = record["time_ns"]
        # A log record, which has a severity, has the time that the program gave it.
        if "severity" not in record:
            self.fold.lived(time_ns)
        if is_uncaught(record):
            return
        occurrences = self._names.get(name)
        if occurrences is None:
            self._names[name] = _Occurrences(1, time_ns, time_ns)
        else:
            occurrences.count += 1
            occurrences.first_ns = min(occurrences.first_ns, time_ns)
            occurrences.last_ns = max(occurrences.last_ns, time_ns)

    def report(self) -> list[EventReport]:
        """One entry for each name, in order of the first event."""
        ordered = sorted(self._names.items(), key=lambda item: (item[1].first_ns, item[0]))
        return [EventReport(name=name, count=e.count, first_ns=e.first_ns, last_ns=e.last_ns) for name, e in ordered]
