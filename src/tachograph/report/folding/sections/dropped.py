"""The member `dropped` of the report: what is missing in the journals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tachograph.journal.coerce import integer_of, table_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.processes import Processes
from tachograph.report.part import Part

if TYPE_CHECKING:
    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold


class Dropped(Part):
    """Counts of what is missing in the journals."""

    records: int = Field(default=0, description="Records that could not be written")
    faults: int = Field(default=0, description="Records lost to an error of the recorder")
    torn_lines: int = Field(default=0, description="Lines that cannot be read")
    rotated_files: int = Field(default=0, description="Files deleted by rotation")
    unreadable_files: int = Field(default=0, description="Files that cannot be opened")
    missing_ends: int = Field(default=0, description="Processes that were killed or lost")


class Losses(Section[Dropped]):
    """Counts records and files that are missing in the journals."""

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._counts: Counter[str] = Counter()
        self._torn_lines = 0

    def process(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Add the counts that a process recorded at its end."""
        if record["state"] == "end":
            for name, count in table_of(record.get("dropped")).items():
                self._counts[name] += integer_of(count) or 0

    def torn(self, source: Source) -> None:  # noqa: ARG002
        """Count a torn line."""
        self._torn_lines += 1

    def report(self) -> Dropped:
        """The counts of the whole run."""
        sources = self.fold.sources
        ends = (process.end for process in self.fold.section(Processes).report())
        return Dropped(
            records=self._counts["records"],
            faults=self._counts["faults"],
            torn_lines=self._torn_lines,
            rotated_files=sum(source.parts[0].part for source in sources),
            unreadable_files=sum(len(source.unreadable) for source in sources),
            missing_ends=sum(1 for end in ends if end in {"killed", "lost"}),
        )
