"""What to know before the numbers of a report are used."""

from __future__ import annotations

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.folding.sections.process_records import ProcessRecords


class Warnings(Section[list[str]]):
    """Journals that break off, and counts of tokens that cannot be."""

    def report(self) -> list[str]:
        """One sentence each."""
        processes = self.fold.section(ProcessRecords)
        broken = [
            f"the journal of process {source.pid} breaks off within a record, as on a full disk or when it was "
            "killed; what it did afterwards is missing"
            for source in self.fold.sources
            if processes.broke_off(source)
        ]
        problems = sorted(self.fold.section(Calls).problems.items())
        return [*broken, *(text if count == 1 else f"{text} ({count} calls)" for text, count in problems)]
