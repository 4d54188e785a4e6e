"""A section of the fold: one member of the report, with what is gathered for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from tachograph.report.folding.call import call_of
from tachograph.report.folding.open_spans import OpenedSpan
from tachograph.semconv import aliases

if TYPE_CHECKING:
    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.call import CallFacts
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.open_spans import Ancestry

Member = TypeVar("Member")
_NONE: frozenset[str] = frozenset()


class EndedSpan:
    """A span that has ended, as the pass hands it to the sections.

    Attributes
    ----------
    record
        Its `span.end` record.
    line
        Where that comes from.
    start_line
        Where its `span.start` record comes from, None if there is none.
    start_ns, end_ns
        Its times, in ns since the epoch.
    failed
        Whether its status is an error.
    is_marked
        Whether it has an attribute that a section looks for (:attr:`Section.keys`).
    """

    __slots__ = (
        "_ancestry",
        "_call",
        "_fold",
        "end_ns",
        "failed",
        "is_marked",
        "line",
        "record",
        "start_line",
        "start_ns",
    )

    def __init__(self, fold: Fold, record: dict[str, Any], line: Line) -> None:
        self.record = record
        self.line = line
        start_ns, duration_ns = record["start_ns"], record["duration_ns"]
        span_id: object = record["span_id"]
        # As `check`, in a quarter of the time, because it is done for each span.
        are_integers = type(start_ns) is int and type(duration_ns) is int and type(record["pid"]) is int
        if not are_integers or type(span_id) is not str:
            raise TypeError("no recorder wrote this span")
        self.start_ns = start_ns
        self.end_ns = start_ns + duration_ns
        self.failed: bool = record["status"] == "error"
        self.is_marked = False
        self._fold = fold
        self._ancestry: Ancestry | None = None
        self._call: tuple[CallFacts | None, str | None] | None = None
        opened = fold.open_spans.end(span_id)
        if isinstance(opened, OpenedSpan):
            self._ancestry = opened.ancestry
            opened = opened.line
        self.start_line: Line | None = opened

    @property
    def ancestry(self) -> Ancestry:
        """The phases, iterations and spans around it: at its start, if it was looked at then, else now."""
        if self._ancestry is None:
            self._ancestry = self._fold.open_spans.ancestry(self.record["parent_id"])
        return self._ancestry

    @property
    def call(self) -> CallFacts | None:
        """The call of a model that the span is, None if it is none."""
        return self._read_call()[0]

    @property
    def problem(self) -> str | None:
        """What is wrong with the token counts of the call, in a few words."""
        return self._read_call()[1]

    def _read_call(self) -> tuple[CallFacts | None, str | None]:
        # Read once for all sections.
        if self._call is None:
            operation = aliases.model_operation(self.record.get("attributes") or {})
            self._call = (None, None) if operation is None else call_of(self.record, operation, self.ancestry)
        return self._call


class Section(Generic[Member]):
    """One member of the report.

    A section overrides the methods of the records that it needs; the pass calls those and no others. Records can hold
    anything, and a KeyError, TypeError, ValueError or AttributeError means that a line is none that a recorder wrote.

    Parameters
    ----------
    fold
        The run as a whole, and the other sections.

    Attributes
    ----------
    keys
        Attributes that spans of interest have. A section that names some is given only spans that have one of these,
        or of those that other sections name.
    needs
        Sections without a member of their own in the report that this one reads.
    """

    keys: ClassVar[frozenset[str]] = _NONE
    needs: ClassVar[tuple[type[Section[Any]], ...]] = ()

    def __init__(self, fold: Fold) -> None:
        self.fold = fold

    def run(self, record: dict[str, Any], line: Line) -> None:
        """A `run` record."""

    def process(self, record: dict[str, Any], line: Line) -> None:
        """A `process` record."""

    def scope(self, record: dict[str, Any], line: Line) -> None:
        """A `scope` record."""

    def span_end(self, span: EndedSpan) -> None:
        """A span has ended."""

    def event(self, record: dict[str, Any], line: Line) -> None:
        """An `event` record."""

    def metric(self, record: dict[str, Any], line: Line) -> None:
        """A `metric` record."""

    def content(self, line: Line) -> None:
        """The line of a `content` record, not parsed."""

    def torn(self, source: Source) -> None:
        """A line that cannot be read."""

    def report(self) -> Member:
        """The member of the report, once all records have gone by."""
        raise NotImplementedError


class From:
    """Marks a field of the report with the section that fills it.

    Parameters
    ----------
    section
        The class of the section.
    """

    def __init__(self, section: type[Section[Any]]) -> None:
        self.section = section
