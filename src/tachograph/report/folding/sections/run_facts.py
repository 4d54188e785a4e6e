"""The member `run` of the report: the facts about the run as a whole."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import Field

from tachograph.journal.coerce import table_of, text_of, texts_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.process_records import ProcessRecords
from tachograph.report.part import Part

if TYPE_CHECKING:
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold

_FIELDS = ("name", "task", "goal", "task_type", "role", "command", "directory")


class Run(Part):
    """The facts about the run as a whole."""

    id: str = Field(description="UUID4 of the run")
    name: str = Field(description="The name it is listed under")
    task: str | None = Field(default=None, description="Path or identifier of the task")
    goal: str | None = Field(default=None, description="What the task asks for")
    task_type: str | None = Field(default=None, description="Kind of task, e.g. bugfix")
    role: str | None = Field(default=None, description="The role of the program, e.g. implementer")
    command: list[str] = Field(description="The command with its arguments")
    directory: str | None = Field(default=None, description="Working directory")
    facts: dict[str, Any] = Field(
        description="Host, OS, Python, CI, git, and other facts that were recorded about the run"
    )


class RunFacts(Section[Run]):
    """Collects the facts that the run's opener and the program have recorded.

    Attributes
    ----------
    start_ns
        When the run began, in ns since the epoch.
    end, reported
        The records of its end, and of the outcome that the program reported; None if there is none.
    """

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._id: str | None = None
        self._facts: dict[str, Any] = {}
        self.start_ns: int | None = None
        self.end: dict[str, Any] | None = None
        self.reported: dict[str, Any] | None = None

    def process(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Note the run that a process belongs to."""
        self._id = self._id or record["run"]

    def run(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Note the start, facts, outcome or end of the run."""
        self._id = record["run"]
        match record["state"]:
            case "start":
                self.start_ns = record["start_ns"]
                # Facts that the program reports replace those of the start.
                self._facts = {**table_of(record.get("facts")), **self._facts}
            case "facts":
                self._facts.update(record["facts"])
            case "outcome":
                self.reported = record
            case "end":
                self.end = record
                self.fold.lived(record["end_ns"])
            case _:
                pass

    def report(self) -> Run:
        """The facts about the run."""
        texts = {key: text_of(self._facts.get(key)) for key in _FIELDS}
        command = self._command()
        folder = self.fold.run_dir.name
        return Run(
            id=self._id or folder,
            name=texts["name"] or (PurePath(command[0]).name if command else folder),
            task=texts["task"],
            goal=texts["goal"],
            task_type=texts["task_type"],
            role=texts["role"],
            command=command,
            directory=texts["directory"],
            facts={key: value for key, value in self._facts.items() if key not in _FIELDS},
        )

    def _command(self) -> list[str]:
        command = texts_of(self._facts.get("command"))
        if not command:
            records = self.fold.section(ProcessRecords)
            process = records.of(records.opener or self.fold.sources[0])
            command = texts_of(process.start.get("command")) if process is not None else []
        return command
