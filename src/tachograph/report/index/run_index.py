"""The index of a run: brought up to date, and read."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tachograph.journal import Tail
from tachograph.journal.coerce import table_of
from tachograph.journal.lines import parse
from tachograph.journal.merge import merged
from tachograph.journal.transcript import Place, Transcript, bytes_at, read_at
from tachograph.report.fold_run import fold, report_of, sections_of
from tachograph.report.folding.fold import Fold
from tachograph.report.folding.open_spans import Ancestry
from tachograph.report.folding.record_pass import Pass
from tachograph.report.folding.settling import SettledCalls
from tachograph.report.index.collector import IndexRows
from tachograph.report.index.database import FINAL, HELD, INDEX_FILE, clear, connect, finish, remove
from tachograph.report.index.rows import CallRow, EventRow, SpanRow
from tachograph.report.prices import Pricer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tachograph.journal.tail import Line
    from tachograph.report.model import RunReport

_SPAN = (
    """span_id, trace_id, parent_id, name, scope, kind, pid, start_ns, end_ns, status, file, at, start_file, start_at"""
)
_SPANS = "spans JOIN traces ON traces.id = spans.trace"
_OPEN = "SELECT start_file, start_at FROM spans WHERE end_ns IS NULL ORDER BY start_ns"
_CALLS = "SELECT file, at, ancestry FROM calls JOIN spans USING (span_id)"
_HELD = f"{_CALLS} WHERE state = {HELD}"
_NOT_HELD = f"{_CALLS} WHERE state > {HELD}"


@contextmanager
def open_index(run_dir: Path, pricer: Pricer | None = None) -> Generator[RunIndex]:
    """The index of a run, up to date.

    Parameters
    ----------
    run_dir
        The run's folder.
    pricer
        Prices the calls, if :meth:`RunIndex.report` is wanted.

    Raises
    ------
    OSError
        If the folder cannot be read.
    JournalVersionError
        If a newer version wrote a journal.
    """
    index = _up_to_date(run_dir, pricer)
    try:
        yield index
    finally:
        index.close()


def _up_to_date(run_dir: Path, pricer: Pricer | None) -> RunIndex:
    for path in (run_dir / INDEX_FILE, run_dir / INDEX_FILE, None):
        connection = connect(path)
        try:
            index = RunIndex(run_dir, connection, pricer)
            index.update()
        except sqlite3.Error as error:
            connection.close()
            if path is None:
                raise
            if not isinstance(error, sqlite3.OperationalError):
                # It is damaged: everything in it can be built again.
                remove(path)
        except BaseException:
            connection.close()
            raise
        else:
            return index
    raise AssertionError("the last attempt returns or raises")


class RunIndex:
    """An open index. What it gives is as of the last :meth:`update`.

    Parameters
    ----------
    run_dir
        The run's folder.
    connection
        What :func:`~tachograph.report.index.database.connect` gave.
    pricer
        Prices the calls, if a report is wanted.
    """

    def __init__(self, run_dir: Path, connection: sqlite3.Connection, pricer: Pricer | None = None) -> None:
        self._run_dir = run_dir
        self._connection = connection
        self._pricer = pricer
        self._load()

    def _load(self) -> None:
        """Take up what was read before."""
        rows = self._known()
        if any(position > _size(self._run_dir / name) for name, position in rows.items()):
            # Not the journals that it was built from.
            clear(self._connection)
            rows = self._known()
        self._paths = [self._run_dir / name for name in rows]
        files = {name: number for number, name in enumerate(rows, 1)}
        self._tail = Tail(self._run_dir, rows)
        self._tail.look()
        self._fold = state = Fold(self._run_dir, self._tail.sources, self._pricer or Pricer())
        self._rows, self._calls = state.section(IndexRows), state.section(SettledCalls)
        # What is read for the first time gives the report as well.
        self._gives_report = not rows and self._pricer is not None
        self._pass = Pass(state, [*(sections_of(state) if self._gives_report else ()), self._rows, self._calls])
        self._pass.read(line for _, line in self._lines(_OPEN))
        self._hold(_HELD)
        traces = dict(self._connection.execute("SELECT trace_id, id FROM traces").fetchall())
        self._rows.begin(self._connection, files, traces)

    def _known(self) -> dict[str, int]:
        """Up to which byte each file has been read, in order of their ids."""
        rows: list[tuple[str, int]] = self._connection.execute(
            "SELECT name, position FROM files ORDER BY id"
        ).fetchall()
        return dict(rows)

    def _lines(self, query: str) -> Iterator[tuple[tuple[Any, ...], Line]]:
        """Rows that begin with a place, and the lines that are there."""
        parts = {part.path.name: (source, part) for source in self._tail.sources for part in source.parts}
        for row in self._connection.execute(query).fetchall():
            place = self._place(row[0], row[1])
            text = bytes_at(place)
            if text is not None:
                yield row, (*parts[place.path.name], place.at, text)

    def _has_calls_not_final(self) -> bool:
        query = f"SELECT 1 FROM calls WHERE state < {FINAL} LIMIT 1"  # noqa: S608 - a constant
        return self._connection.execute(query).fetchone() is not None

    def _hold(self, query: str) -> None:
        """Hold calls of an earlier reading, to settle them again."""
        for row, line in self._lines(query):
            # Of two spans with one id the other one may be there.
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                self._calls.hold(parse(line[3]) or {}, Ancestry(*json.loads(row[2])))

    def update(self) -> bool:
        """Read what has been written since; whether there was anything."""
        connection = self._connection
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        if self._known() != {path.name: self._tail.positions.get(path.name, 0) for path in self._paths}:
            # Somebody else has extended it.
            self._load()
        before = dict(self._tail.positions)
        now_ns = time.time_ns()
        self._tail.look()
        self._tail.torn = is_over = not any(source.alive for source in self._tail.sources)
        self._pass.read(merged(self._tail, None if is_over else now_ns))
        positions = self._tail.positions
        if positions != before or (is_over and self._has_calls_not_final()):
            if is_over:
                # A span that showed only at its end that it is a call may repeat one that was settled before.
                self._hold(_NOT_HELD)
            self._rows.finish(is_over=is_over)
            connection.executemany(
                "UPDATE files SET position = ? WHERE name = ?", [(at, name) for name, at in positions.items()]
            )
            self._paths = [self._run_dir / name for name in self._known()]
        finish(connection)
        return positions != before

    def report(self, now_ns: int | None = None) -> RunReport:
        """The report of the run: from the pass that built the index or, if that was an earlier one, from another.

        Parameters
        ----------
        now_ns
            The time until which a running run is taken to have run, in ns since the epoch; None means now.
        """
        if not self._gives_report:
            return fold(self._run_dir, pricer=self._pricer, now_ns=now_ns)
        self._gives_report = False
        return report_of(self._fold, time.time_ns() if now_ns is None else now_ns)

    def close(self) -> None:
        """Close the index."""
        self._connection.close()

    def traces(self) -> list[tuple[str, int]]:
        """The ids of the traces and how many spans each has, in order of their start."""
        return self._connection.execute(
            f"SELECT trace_id, count(*) FROM {_SPANS} GROUP BY trace ORDER BY min(start_ns)"  # noqa: S608 - constants
        ).fetchall()

    def span(self, span_id: str) -> SpanRow | None:
        """A span, None if there is none of that id."""
        return next(self._spans("WHERE span_id = ?", span_id), None)

    def trace(self, trace_id: str, *, limit: int = -1) -> list[SpanRow]:
        """The spans of a trace in order of their start.

        Parameters
        ----------
        trace_id
            Its id.
        limit
            The most; -1 means all.
        """
        return list(self._spans("WHERE trace_id = ? ORDER BY start_ns, span_id LIMIT ?", trace_id, limit))

    def children(self, parent_id: str | None, *, limit: int = -1) -> list[SpanRow]:
        """The spans right below a span in order of their start.

        Parameters
        ----------
        parent_id
            Its id; None gives the spans that have no parent.
        limit
            The most; -1 means all.
        """
        return list(self._spans("WHERE parent_id IS ? ORDER BY start_ns, span_id LIMIT ?", parent_id, limit))

    def open_spans(self) -> list[SpanRow]:
        """The spans that have not ended, oldest first."""
        return list(self._spans("WHERE end_ns IS NULL ORDER BY start_ns, span_id"))

    def calls(self) -> list[CallRow]:
        """The calls of models, those that repeat others among them, in order of their start."""
        rows = self._connection.execute(
            f"SELECT {_SPAN}, repeats, state FROM {_SPANS} JOIN calls USING (span_id) "  # noqa: S608 - constants
            "ORDER BY start_ns, span_id"
        )
        return [CallRow(self._span(row), row[-2], is_settled=row[-1] > HELD) for row in rows]

    def events(self, span_id: str | None = None, *, limit: int = -1) -> list[EventRow]:
        """Events in order of time.

        Parameters
        ----------
        span_id
            The span in which they happened; None gives all.
        limit
            The most; -1 means all.
        """
        condition, values = ("", []) if span_id is None else ("WHERE span_id = ?", [span_id])
        rows = self._connection.execute(
            f"SELECT time_ns, name, pid, span_id, severity, file, at FROM events {condition} "  # noqa: S608 - constants
            "ORDER BY time_ns LIMIT ?",
            [*values, limit],
        )
        return [
            EventRow(time_ns, name, pid, span, severity, self._place(file, at))
            for time_ns, name, pid, span, severity, file, at in rows
        ]

    def record(self, place: Place) -> dict[str, Any] | None:
        """The record at a place; None if it is gone, as after a rotation."""
        return read_at(place)

    def transcript(self, span_id: str) -> dict[str, list[dict[str, Any]]]:
        """The content of a call by the names of the GenAI conventions; empty if there is none.

        Parameters
        ----------
        span_id
            The span of the call.
        """
        span = self.span(span_id)
        record = None if span is None else self.record(span.place)
        return {} if record is None else Transcript(_Content(self)).content(table_of(record.get("attributes")))

    def _spans(self, condition: str, *values: object) -> Iterator[SpanRow]:
        rows = self._connection.execute(f"SELECT {_SPAN} FROM {_SPANS} {condition}", values)  # noqa: S608 - constants
        return map(self._span, rows)

    def _span(self, row: tuple[Any, ...]) -> SpanRow:
        start = None if row[12] is None else self._place(row[12], row[13])
        return SpanRow._make((*row[:10], self._place(row[10], row[11]), start))

    def _place(self, file: int, at: int) -> Place:
        return Place(self._paths[file - 1], at)

    def content_place(self, name: str) -> Place | None:
        """The place of a content record, None if it is not known."""
        row = self._connection.execute("SELECT file, at FROM content WHERE id = ?", [name]).fetchone()
        return None if row is None else self._place(*row)

    def content_body(self, part_id: str) -> tuple[str, int] | None:
        """The content record that holds the body of a part, and which of its parts that is."""
        return self._connection.execute("SELECT id, number FROM bodies WHERE part_id = ?", [part_id]).fetchone()


class _Content:
    """Finds content in an index, see :class:`tachograph.journal.transcript.ContentPlaces`."""

    def __init__(self, index: RunIndex) -> None:
        self.record = index.content_place
        self.body = index.content_body


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        # Rotation deletes files.
        return 1 << 62
