"""The member `processes` of the report: the processes of the run, and how each ended."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field

from tachograph.journal.coerce import integer_of, text_of, texts_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.process_ends import ProcessEnds
from tachograph.report.folding.sections.process_records import ProcessRecords
from tachograph.report.part import Part, ProcessEnd


class Process(Part):
    """One recorded process.

    A process ``ended`` if it recorded its end, or if its parent saw it leave with an exit code or by a signal that asks
    for an end (SIGTERM, SIGINT, SIGHUP) while nothing was open in it. It was ``killed`` if its parent saw any other
    signal, or something was open. If nobody recorded how it ended, it is ``idle`` or ``lost``: ``idle`` if nothing was
    open in it and its parent, which is recorded, ended in order after the last record of it.
    """

    pid: int
    ppid: int | None
    role: str | None
    command: list[str]
    python: str | None
    start_ns: int
    end_ns: int | None
    end: ProcessEnd
    exit_code: int | None = Field(default=None, description="Exit code; null if its parent did not record it")
    signal: str | None = Field(default=None, description="Name of the signal that ended it; null if not known")


class Processes(Section[list[Process]]):
    """Lists the processes of a run."""

    needs = (ProcessRecords,)

    @cached_property
    def ends(self) -> ProcessEnds:
        """How the processes ended; available once all records have been read."""
        return ProcessEnds(self.fold)

    def report(self) -> list[Process]:
        """The processes in order of their start."""
        records = self.fold.section(ProcessRecords)
        processes: list[Process] = []
        for source in self.fold.sources:
            facts = records.of(source)
            start = {} if facts is None else facts.start
            end = self.ends.of(source)
            processes.append(
                Process(
                    pid=source.pid,
                    ppid=integer_of(start.get("ppid")),
                    role=text_of(start.get("role")),
                    command=texts_of(start.get("command")),
                    python=text_of(start.get("python")),
                    start_ns=start.get("start_ns", source.start_ns),
                    end_ns=end.at_ns if end.end in {"ended", "killed"} else None,
                    end=end.end,
                    exit_code=end.exit_code,
                    signal=end.signal,
                )
            )
        return processes
