"""Collects the rows of an index from the records of a run."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from tachograph.journal.transcript import bodies_of
from tachograph.report.folding.section import Section
from tachograph.report.folding.settling import SettledCalls

if TYPE_CHECKING:
    from tachograph.journal import JournalFile
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.open_spans import OpenedSpan
    from tachograph.report.folding.section import EndedSpan

_MOST = 5_000
"""Rows that are kept in memory before they are written."""

_GREATEST = 1 << 63
_NOWHERE = (None, None)

_SPANS = "INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVENTS = "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"
_CONTENT = "INSERT OR REPLACE INTO content VALUES (?, ?, ?)"
_BODIES = "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)"
_CALLS = "INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?)"


class IndexRows(Section[None]):
    """Collects the rows, and writes them by the thousand."""

    needs = (SettledCalls,)

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._connection: sqlite3.Connection | None = None
        self._files: dict[str, int] = {}
        self._traces: dict[str, int] = {}
        self._last_part: JournalFile | None = None
        self._last_file = 0
        self._spans: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self._content: list[tuple[Any, ...]] = []
        self._bodies: list[tuple[Any, ...]] = []

    def begin(self, connection: sqlite3.Connection, files: dict[str, int], traces: dict[str, int]) -> None:
        """Write to an index from here on.

        Parameters
        ----------
        connection
            The index.
        files, traces
            Numbers of the files and traces it knows, by name and by id.
        """
        self._connection = connection
        self._files = files
        self._traces = traces

    def _place(self, line: Line) -> tuple[int, int]:
        part = line[1]
        if part is not self._last_part:
            # Most records are in the file of the one before.
            name = part.path.name
            self._last_part = part
            self._last_file = self._files.setdefault(name, len(self._files) + 1)
        return self._last_file, line[2]

    def _trace(self, record: dict[str, Any]) -> int:
        return self._traces.setdefault(str(record.get("trace_id")), len(self._traces) + 1)

    def span_end(self, span: EndedSpan) -> None:
        """Add a span that has ended."""
        start = span.start_line
        started = _NOWHERE if start is None else self._place(start)
        record = span.record
        get = record.get
        self._spans.append(
            (
                *(get("span_id"), self._trace(record), get("parent_id"), get("name"), get("scope"), get("kind")),
                *(get("pid"), span.start_ns, span.end_ns, get("status"), *self._place(span.line), *started),
            )
        )
        if len(self._spans) >= _MOST:
            self.write()

    def event(self, record: dict[str, Any], line: Line) -> None:
        """Add an event."""
        get = record.get
        self._events.append(
            (get("time_ns"), get("name"), line[0].pid, get("span_id"), get("severity"), *self._place(line))
        )

    def content(self, line: Line) -> None:
        """Add a message."""
        name, bodies = bodies_of(line[3])
        if name is not None:
            self._content.append((name, *self._place(line)))
            self._bodies.extend((part_id, name, number) for part_id, number in bodies)
            if len(self._bodies) >= _MOST:
                self.write()

    def write(self) -> None:
        """Write the rows that were collected."""
        connection = self._connection
        if connection is None:
            return
        for statement, rows in (
            (_SPANS, self._spans),
            (_EVENTS, self._events),
            (_CONTENT, self._content),
            (_BODIES, self._bodies),
        ):
            _put(connection, statement, rows)
            rows.clear()

    def finish(self, *, is_over: bool) -> None:
        """Write what is left: spans that are open, and calls.

        Parameters
        ----------
        is_over
            Whether no process of the run lives, so that all calls are settled.
        """
        self._spans.extend(self._open(span) for span in self.fold.open_spans.remaining())
        self.write()
        calls = self.fold.section(SettledCalls)
        settled = calls.settle(everything=is_over)
        rows: list[tuple[Any, ...]] = [(call.span_id, None, True, None) for call in settled.calls]
        rows += [(again, kept, True, None) for again, kept in settled.repeats.items()]
        rows += [(call.span_id, None, False, json.dumps(call.ancestry)) for call in calls.held]
        if self._connection is not None:
            self._connection.executemany(_CALLS, rows)
            files = [(number, name) for name, number in self._files.items()]
            self._connection.executemany("INSERT OR IGNORE INTO files VALUES (?, ?, 0)", files)
            traces = [(number, trace_id) for trace_id, number in self._traces.items()]
            self._connection.executemany("INSERT OR IGNORE INTO traces VALUES (?, ?)", traces)

    def _open(self, span: OpenedSpan) -> tuple[Any, ...]:
        place = self._place(span.line)
        get = span.record.get
        return (
            *(get("span_id"), self._trace(span.record), get("parent_id"), get("name"), get("scope"), get("kind")),
            *(get("pid"), get("start_ns"), None, "unset", *place, *place),
        )


def _put(connection: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Write rows; what no recorder wrote, and the database cannot hold, becomes NULL."""
    try:
        connection.executemany(statement, rows)
    except (sqlite3.Error, OverflowError):
        connection.executemany(statement, [tuple(map(_plain, row)) for row in rows])


def _plain(value: object) -> object:
    if isinstance(value, int):
        return value if abs(value) < _GREATEST else None
    return value if isinstance(value, str) else None
