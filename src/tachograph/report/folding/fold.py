"""Folds the journals of a run: one pass over all records in order of time.

What is kept grows with the spans that are open, the calls of models and the occurrences of phases, never with the
number of spans.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tachograph._version import __version__
from tachograph.errors import RunNotFoundError
from tachograph.journal import Tail
from tachograph.journal.lines import finder, is_whole, parse, span_id, time_ns, type_of
from tachograph.journal.merge import merged
from tachograph.report.folding.garbage import rare_collections
from tachograph.report.folding.open_spans import OpenedSpan, OpenSpans
from tachograph.report.folding.section import EndedSpan, Section
from tachograph.report.model import SECTIONS, RunReport
from tachograph.report.prices import Pricer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tachograph.journal import Source
    from tachograph.journal.tail import Line

    Handler = Callable[[dict[str, Any], Line], None]

AnySection = TypeVar("AnySection", bound=Section[Any])

_NO_RECORD = (ValueError, TypeError, KeyError, AttributeError)
"""What a section raises for a line that no recorder wrote."""
_RECORDS = ("run", "process", "scope", "event", "metric")
"""Types of records that are handed on parsed, as they are."""


def fold(
    run_dir: Path,
    *,
    rates: Mapping[str, Mapping[str, float]] | None = None,
    currency: str = "USD",
    pricer: Pricer | None = None,
    now_ns: int | None = None,
) -> RunReport:
    """The report of a run, from its journals.

    Parameters
    ----------
    run_dir
        The run's folder.
    rates
        The user's prices, see :class:`~tachograph.report.prices.Pricer`.
    currency
        Their currency.
    pricer
        Prices the calls; None makes one of the rates.
    now_ns
        The time until which a running run is taken to have run, in ns since the epoch; None means now.

    Raises
    ------
    RunNotFoundError
        If the folder holds no journal.
    JournalVersionError
        If a journal is of a newer version.
    """
    tail = Tail(run_dir, torn=True)
    try:
        tail.look()
    except FileNotFoundError as error:
        raise RunNotFoundError(f"{run_dir} does not exist") from error
    if not tail.sources:
        raise RunNotFoundError(f"{run_dir} holds no journal")
    state = Fold(run_dir, tail.sources, pricer or Pricer(rates, currency))
    Pass(state, state.sections()).read(merged(tail))
    return state.report(time.time_ns() if now_ns is None else now_ns)


class Fold:
    """A run while it is folded: what all sections need, and the sections.

    Parameters
    ----------
    run_dir
        The run's folder.
    sources
        Its journals.
    pricer
        Prices its calls.

    Attributes
    ----------
    open_spans
        The spans that have started and not ended.
    first_ns, last_ns
        The earliest start and the latest sign of life in the records, in ns since the epoch; None and 0 at first.
    now_ns
        The end of what a running run has done so far, in ns since the epoch.
    """

    def __init__(self, run_dir: Path, sources: Sequence[Source], pricer: Pricer) -> None:
        self.run_dir = run_dir
        self.sources = sources
        self.pricer = pricer
        self.open_spans = OpenSpans()
        self.first_ns: int | None = None
        self.last_ns = 0
        self.now_ns = 0
        self._sections: dict[type[Section[Any]], Section[Any]] = {}

    def section(self, kind: type[AnySection]) -> AnySection:
        """A section, made when it is first asked for.

        Parameters
        ----------
        kind
            Its class.
        """
        known = self._sections.get(kind)
        if known is None:
            known = self._sections[kind] = kind(self)
        return cast("AnySection", known)

    def sections(self) -> list[Section[Any]]:
        """The sections of the report, and those that they need."""
        kinds = dict.fromkeys(SECTIONS.values())
        for kind in SECTIONS.values():
            kinds.update(dict.fromkeys(kind.needs))
        return [self.section(kind) for kind in kinds]

    def began(self, at_ns: int) -> None:
        """Something began then."""
        if self.first_ns is None or at_ns < self.first_ns:
            self.first_ns = at_ns

    def lived(self, at_ns: int) -> None:
        """There was a sign of life then."""
        self.last_ns = max(self.last_ns, at_ns)

    def report(self, now_ns: int) -> RunReport:
        """The report of what was gathered.

        Parameters
        ----------
        now_ns
            See :attr:`now_ns`.
        """
        self.now_ns = now_ns
        with rare_collections():
            members = {name: self.section(kind).report() for name, kind in SECTIONS.items()}
            return RunReport(made_by=__version__, **members)


class Pass:
    """Hands the records of a run to the sections that want them.

    Parameters
    ----------
    fold
        The run.
    sections
        The sections.
    """

    def __init__(self, fold: Fold, sections: Sequence[Section[Any]]) -> None:
        self._fold = fold
        self._records: dict[str, list[Handler]] = {kind: _overridden(sections, kind) for kind in _RECORDS}
        self._starts: list[Callable[[Line], None]] = _overridden(sections, "span_start")
        self._marked_starts: list[Handler] = _overridden(sections, "marked_start")
        self._contents: list[Callable[[Line], None]] = _overridden(sections, "content")
        self._torn: list[Callable[[Source], None]] = _overridden(sections, "torn")
        self._texts = [(section.needle, section.text) for section in sections if section.needle]
        self._ends: list[Callable[[EndedSpan], None]] = _overridden((s for s in sections if not s.keys), "span_end")
        marking = [section for section in sections if section.keys]
        self._marked: list[Callable[[EndedSpan], None]] = _overridden(marking, "span_end")
        self._keys = frozenset[str]().union(*(section.keys for section in marking))
        # A span that begins with one of the keys is looked at; any other can wait until somebody asks.
        self._find_key = finder(self._keys)

    def read(self, lines: Iterable[Line]) -> None:
        """Read records to the end.

        Parameters
        ----------
        lines
            In order of time.
        """
        with rare_collections():
            self._read(lines)

    def _read(self, lines: Iterable[Line]) -> None:
        begin = self._fold.open_spans.begin_raw
        starts, contents, texts = self._starts, self._contents, self._texts
        last = b""
        for line in lines:
            text = line[3]
            for needle, handle in texts:
                if needle in text:
                    handle(text)
            # The two kinds that make up most of a journal are not parsed: a body is never needed here, and a start
            # only if something inside of it, or the death of its process, asks for it.
            kind = type_of(text)
            if kind == "content":
                if self._handled(contents, line):
                    last = text
                continue
            if kind == "span.start" and is_whole(text):
                for handle_line in starts:
                    handle_line(line)
                if self._find_key(text) is None and (name := span_id(text)) is not None:
                    last = text
                    begin(name, line)
                    continue
            if text == b"\n":
                continue
            if self._parsed(kind, line):
                last = text
        self._fold.lived(time_ns(last))

    def _handled(self, handlers: Sequence[Callable[[Line], None]], line: Line) -> bool:
        """Hand on a line that is not parsed; whether it holds a record."""
        if is_whole(line[3]):
            try:
                for handle in handlers:
                    handle(line)
            except _NO_RECORD:
                pass
            else:
                return True
        self._tear(line)
        return False

    def _parsed(self, kind: str | None, line: Line) -> bool:
        """Hand on the record of a line, of a type if that is known; whether it is one."""
        record = parse(line[3])
        if record is None:
            self._tear(line)
            return False
        try:
            kind = kind or record["type"]
            if kind == "span.end":
                self._end(record, line)
            elif kind == "span.start":
                self._start(record, line)
            else:
                for handle in self._records.get(kind, ()):
                    handle(record, line)
        except _NO_RECORD:
            self._tear(line)
            return False
        return True

    def _tear(self, line: Line) -> None:
        for handle in self._torn:
            handle(line[0])

    def _start(self, record: dict[str, Any], line: Line) -> None:
        spans = self._fold.open_spans
        spans.begin(record["span_id"], OpenedSpan(line, record, spans.ancestry(record["parent_id"])))
        for handle in self._marked_starts:
            handle(record, line)

    def _end(self, record: dict[str, Any], line: Line) -> None:
        fold = self._fold
        span = EndedSpan(fold, record, line)
        if span.end_ns > fold.last_ns:
            fold.last_ns = span.end_ns
        if fold.first_ns is None or span.start_ns < fold.first_ns:
            fold.first_ns = span.start_ns
        attributes = record.get("attributes")
        if attributes and not self._keys.isdisjoint(attributes):
            span.is_marked = True
            for handle in self._marked:
                handle(span)
        for handle in self._ends:
            handle(span)


def _overridden(sections: Iterable[Section[Any]], name: str) -> list[Any]:
    """The methods of a name that sections have written anew."""
    return [
        getattr(section, name) for section in sections if getattr(type(section), name) is not getattr(Section, name)
    ]
