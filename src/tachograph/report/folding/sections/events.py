"""The events of a run, by name."""

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
    """Events of one name."""

    name: str
    count: int
    first_ns: int
    last_ns: int


@dataclass(slots=True)
class _Named:
    count: int
    first_ns: int
    last_ns: int


class Events(Section[list[EventReport]]):
    """Counts events by their names; errors that no code handled have a section of their own."""

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._names: dict[str, _Named] = {}

    def event(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Count one."""
        name: str = record["name"]
        at: int = record["time_ns"]
        # The time of a record of the Logs API, which has a severity, is what the program says.
        if "severity" not in record:
            self.fold.lived(at)
        if is_uncaught(record):
            return
        known = self._names.get(name)
        if known is None:
            self._names[name] = _Named(1, at, at)
        else:
            known.count += 1
            known.first_ns = min(known.first_ns, at)
            known.last_ns = max(known.last_ns, at)

    def report(self) -> list[EventReport]:
        """One entry a name, in order of time."""
        ordered = sorted(self._names.items(), key=lambda item: (item[1].first_ns, item[0]))
        return [EventReport(name=name, count=e.count, first_ns=e.first_ns, last_ns=e.last_ns) for name, e in ordered]
