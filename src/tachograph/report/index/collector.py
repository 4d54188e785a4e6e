"""Collects the rows of an index from the records of a run."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.journal.lines import content_ids
from tachograph.report.folding.section import Section
from tachograph.report.folding.settling import SettledCalls
from tachograph.report.index.database import FINAL, HELD, SETTLED

if TYPE_CHECKING:
    from tachograph.journal import JournalFile
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.open_spans import OpenedSpan
    from tachograph.report.folding.section import EndedSpan

_MOST = 5_000
"""Rows that are kept in memory before they are written."""

_GREATEST = 1 << 63

_AT_ONCE = 40
"""Rows of one statement, which takes three quarters of the time of as many statements."""

_SPANS = "INSERT INTO spans"
_EVENTS = "INSERT OR REPLACE INTO events"
_CONTENT = "INSERT OR REPLACE INTO content"
_BODIES = "INSERT OR IGNORE INTO bodies"
_CALLS = "INSERT OR REPLACE INTO calls"
_span = itemgetter("span_id", "parent_id", "name", "scope", "kind", "pid", "status")


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

    def _file(self, line: Line) -> int:
        part = line[1]
        if part is not self._last_part:
            # Most records are in the file of the one before.
            self._last_part = part
            self._last_file = self._files.setdefault(part.path.name, len(self._files) + 1)
        return self._last_file

    def _trace(self, record: dict[str, Any]) -> int:
        return self._traces.setdefault(str(record.get("trace_id")), len(self._traces) + 1)

    def span_end(self, span: EndedSpan) -> None:
        """Add a span that has ended."""
        line, start = span.line, span.start_line
        trace, file = self._trace(span.record), self._file(line)
        start_file, start_at = (None, None) if start is None else (self._file(start), start[2])
        try:
            span_id, parent_id, name, scope, kind, pid, status = _span(span.record)
        except KeyError:
            span_id, parent_id, name, scope, kind, pid, status = _span(defaultdict(lambda: None, span.record))
        self._spans.append(
            (
                *(span_id, trace, parent_id, name, scope, kind, pid, span.start_ns, span.end_ns, status),
                *(file, line[2], start_file, start_at),
            )
        )
        if len(self._spans) >= _MOST:
            self.write()

    def event(self, record: dict[str, Any], line: Line) -> None:
        """Add an event."""
        get = record.get
        self._events.append(
            (get("time_ns"), get("name"), line[0].pid, get("span_id"), get("severity"), self._file(line), line[2])
        )

    def content(self, line: Line) -> None:
        """Add a message."""
        try:
            name, part_ids = content_ids(line[3])
        except ValueError:
            # No recorder wrote it. The line is complete, which is all that the report asks for.
            return
        self._content.append((name, self._file(line), line[2]))
        # The first record that names a body holds it.
        self._bodies.extend((part_id, name, number) for number, part_id in enumerate(part_ids))
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
        if self._connection is not None:
            # Those that are still open are written again.
            self._connection.execute("DELETE FROM spans WHERE end_ns IS NULL")
        self._spans.extend(self._open(span) for span in self.fold.open_spans.remaining())
        self.write()
        calls = self.fold.section(SettledCalls)
        ancestries = {call.span_id: orjson.dumps(tuple(call.ancestry)).decode() for call in calls.held}
        settled = calls.settle(everything=is_over)
        held = {call.span_id for call in calls.held}
        reached = FINAL if is_over else SETTLED
        rows = [
            (span_id, settled.repeats.get(span_id), HELD if span_id in held else reached, ancestry)
            for span_id, ancestry in ancestries.items()
        ]
        if self._connection is not None:
            _put(self._connection, _CALLS, rows)
            files = [(number, name) for name, number in self._files.items()]
            self._connection.executemany("INSERT OR IGNORE INTO files VALUES (?, ?, 0)", files)
            traces = [(number, trace_id) for trace_id, number in self._traces.items()]
            self._connection.executemany("INSERT OR IGNORE INTO traces VALUES (?, ?)", traces)

    def _open(self, span: OpenedSpan) -> tuple[Any, ...]:
        place = (self._file(span.line), span.line[2])
        get = span.record.get
        return (
            *(get("span_id"), self._trace(span.record), get("parent_id"), get("name"), get("scope"), get("kind")),
            *(get("pid"), get("start_ns"), None, "unset", *place, *place),
        )


def _put(connection: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Write rows; what no recorder wrote, and the database cannot hold, becomes NULL."""
    if not rows:
        return
    connection.execute("SAVEPOINT rows")
    try:
        _insert(connection, statement, rows)
    except (sqlite3.Error, OverflowError):
        connection.execute("ROLLBACK TO rows")
        _insert(connection, statement, [tuple(map(_plain, row)) for row in rows])
    connection.execute("RELEASE rows")


def _insert(connection: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    one = f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % _AT_ONCE
    blocks = (chain.from_iterable(rows[at : at + _AT_ONCE]) for at in range(0, whole, _AT_ONCE))
    connection.executemany(f"{statement} VALUES {','.join([one] * _AT_ONCE)}", map(tuple, blocks))
    connection.executemany(f"{statement} VALUES {one}", rows[whole:])


def _plain(value: object) -> object:
    if isinstance(value, int):
        return value if abs(value) < _GREATEST else None
    return value if isinstance(value, str) else None
