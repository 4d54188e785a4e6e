"""The pass over the journals of a run: all records in order of time, handed to the sections that want them.

What is kept grows with the spans that are open, the calls of models and the occurrences of phases, never with the
number of spans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from tachograph.journal.builder import RecordType
from tachograph.journal.coerce import check
from tachograph.journal.lines import finder, is_whole, parse, span_id, time_ns, type_of
from tachograph.report.folding.garbage import rare_collections
from tachograph.report.folding.open_spans import OpenedSpan
from tachograph.report.folding.section import EndedSpan, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold

    Handler = Callable[[dict[str, Any], Line], None]

_SPECIAL = frozenset({"span.start", "span.end", "content"})
"""Types of records that are handed on in another way than as they are, parsed."""
_NO_RECORD = (ValueError, TypeError, KeyError, AttributeError)
"""What a section raises for a line that no recorder wrote."""


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
        self._records: dict[str, list[Handler]] = {
            kind: _overridden(sections, kind) for kind in get_args(RecordType) if kind not in _SPECIAL
        }
        self._contents: list[Callable[[Line], None]] = _overridden(sections, "content")
        self._torn: list[Callable[[Source], None]] = _overridden(sections, "torn")
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
        begin, find_key = self._fold.open_spans.begin_raw, self._find_key
        last = b""
        for line in lines:
            text = line[3]
            # The two kinds that make up most of a journal are not parsed: a body is never needed here, and a start
            # only if something inside of it, or the death of its process, asks for it.
            kind = type_of(text)
            if kind == "content":
                if self._content(line):
                    last = text
                continue
            if (
                kind == "span.start"
                and is_whole(text)
                and find_key(text) is None
                and (name := span_id(text)) is not None
            ):
                last = text
                begin(name, line)
                continue
            if text == b"\n":
                continue
            if self._parsed(kind, line):
                last = text
        self._fold.lived(time_ns(last))

    def _content(self, line: Line) -> bool:
        """Hand on the line of a `content` record, not parsed; whether it holds one."""
        if is_whole(line[3]):
            try:
                for handle in self._contents:
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
            of_type: str = kind or record["type"]
            if of_type == "span.end":
                self._end(record, line)
            elif of_type == "span.start":
                self._start(record, line)
            else:
                check(record)
                for handle in self._records.get(of_type, ()):
                    handle(record, line)
        except _NO_RECORD:
            self._tear(line)
            return False
        return True

    def _tear(self, line: Line) -> None:
        for handle in self._torn:
            handle(line[0])

    def _start(self, record: dict[str, Any], line: Line) -> None:
        check(record)
        spans = self._fold.open_spans
        spans.begin(record["span_id"], OpenedSpan(line, record, spans.ancestry(record["parent_id"])))

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
    """The methods of a name that sections override."""
    ours = getattr(Section, name, None)
    return [getattr(section, name) for section in sections if getattr(type(section), name, None) is not ours]
