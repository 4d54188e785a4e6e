"""The member `warnings` of the report: what to know before its numbers are used."""

from __future__ import annotations

from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.calls import Calls
from tachograph.report.folding.sections.process_records import ProcessRecords


class Warnings(Section[list[str]]):
    """Warns of journals that are incomplete, and of token counts that cannot be right."""

    def report(self) -> list[str]:
        """One sentence for each warning."""
        processes = self.fold.section(ProcessRecords)
        broken = [
            f"the journal of process {source.pid} ends in the middle of a record (killed, or disk full); "
            "anything after that is missing"
            for source in self.fold.sources
            if processes.broke_off(source)
        ]
        problems = sorted(self.fold.section(Calls).problems.items())
        return [*broken, *(text if count == 1 else f"{text} ({count} calls)" for text, count in problems)]
