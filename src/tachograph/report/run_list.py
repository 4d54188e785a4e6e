"""A disposable index of the runs of a folder, so that listing them does not read every report.

It holds nothing that the reports do not. If it is missing, older, damaged or cannot be written, it is made again on
disk or in memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph.journal import project_root
from tachograph.report.run_row import RunRow

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from tachograph.report.runs import Wanted

INDEX_FILE = "index.sqlite"
_FORMAT = 3
_SETTLED_NS = 2_000_000_000

_COLUMNS = (
    "day", "short_id", "start_ns", "id", "name", "status", "task", "reason", "total_ns", "calls", "tokens",
    "tokens_complete", "costs", "cost_complete", "models", "directory", "final", "report_mtime_ns",
)  # fmt: skip


class ListIndex:
    """An open index of the runs of a folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, base: Path) -> Generator[ListIndex]:
        """Open the index of a ``.tachograph`` folder."""
        connection = _connect(base / INDEX_FILE)
        try:
            yield cls(connection)
            with suppress(sqlite3.Error):
                connection.commit()
        finally:
            connection.close()

    def rows(self, days: Sequence[Path], row_of: Callable[[Path], RunRow | None], wanted: Wanted) -> list[RunRow]:
        """The wanted runs, newest first.

        Parameters
        ----------
        days
            The folders of the days, newest first.
        row_of
            Reads the line of a run from its folder; None if the folder has no run.
        wanted
            Which runs.
        """
        rows: list[RunRow] = []
        clause, values = _clause(wanted)
        first_day = _day(wanted.since_ns)
        for day in days:
            if first_day is not None and day.name < first_day:
                break
            remaining = -1 if wanted.limit is None else wanted.limit - len(rows)
            if remaining == 0:
                break
            self._sync(day, row_of)
            selected = self._connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM runs WHERE {clause} ORDER BY start_ns DESC, short_id LIMIT ?",  # noqa: S608 - constants
                [day.name, *values, remaining],
            ).fetchall()
            rows.extend(_loaded(row) for row in selected)
        return rows

    def _sync(self, day: Path, row_of: Callable[[Path], RunRow | None]) -> None:
        """Bring one day up to date: folders that were added or removed, and runs that had not ended."""
        run = self._connection.execute
        try:
            changed_ns = day.stat().st_mtime_ns
        except OSError:
            changed_ns = 0
        synced = run("SELECT mtime_ns FROM days WHERE day = ?", [day.name]).fetchone()
        if synced is None or synced[0] != changed_ns:
            try:
                present = {entry.name for entry in day.iterdir() if entry.is_dir()}
            except OSError:
                present = set[str]()
            indexed = {name for (name,) in run("SELECT short_id FROM runs WHERE day = ?", [day.name])}
            run_many = self._connection.executemany
            run_many(
                "DELETE FROM runs WHERE day = ? AND short_id = ?", [(day.name, name) for name in indexed - present]
            )
            added = present - indexed
            # A folder that is made in the same tick of the file system's clock would not be noticed later.
            if changed_ns < time.time_ns() - _SETTLED_NS:
                run("INSERT OR REPLACE INTO days VALUES (?, ?)", [day.name, changed_ns])
        else:
            added = set[str]()
        not_final = {name for (name,) in run("SELECT short_id FROM runs WHERE day = ? AND NOT final", [day.name])}
        for name in sorted(added | not_final):
            row = row_of(day / name)
            if row is None:
                # A folder without a journal yet; it is read again next time.
                run("DELETE FROM days WHERE day = ?", [day.name])
                continue
            self.put(row)

    def put(self, row: RunRow) -> None:
        """Write the line of a run to the index."""
        marks = ", ".join("?" * len(_COLUMNS))
        self._connection.execute(f"INSERT OR REPLACE INTO runs VALUES ({marks})", _stored(row))  # noqa: S608 - question marks


def _clause(wanted: Wanted) -> tuple[str, list[Any]]:
    """The condition in SQL, and its values."""
    parts: list[str] = []
    values: list[Any] = []
    for condition, value in (
        ("start_ns >= ?", wanted.since_ns),
        ("start_ns < ?", wanted.until_ns),
        ("status = ?", wanted.status),
        ("coalesce(task, name) GLOB ?", wanted.task),
        ("fits(models, ?)", wanted.model),
        ("belongs(directory, ?)", None if wanted.project is None else str(wanted.project)),
    ):
        if value is not None:
            parts.append(condition)
            values.append(value)
    return " AND ".join(["day = ?", *parts]), values


def _day(at_ns: int | None) -> str | None:
    return None if at_ns is None else time.strftime("%Y-%m-%d", time.gmtime(at_ns // 1_000_000_000))


def _connect(path: Path) -> sqlite3.Connection:
    for target in (str(path), None):
        if target is not None and not path.parent.is_dir():
            continue
        for _ in range(2):
            try:
                return _prepared(sqlite3.connect(target or ":memory:", timeout=2))
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                # The file is no database, or damaged; everything in it can be made again.
                with suppress(OSError):
                    path.unlink()
    return _prepared(sqlite3.connect(":memory:"))


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
            connection.executescript(
                f"""
                BEGIN IMMEDIATE;
                DROP TABLE IF EXISTS runs;
                DROP TABLE IF EXISTS days;
                CREATE TABLE runs ({", ".join(_COLUMNS)}, PRIMARY KEY (day, short_id)) WITHOUT ROWID;
                CREATE INDEX runs_by_start ON runs (day, start_ns DESC);
                CREATE TABLE days (day PRIMARY KEY, mtime_ns) WITHOUT ROWID;
                PRAGMA user_version = {_FORMAT};
                COMMIT;
                """
            )
        connection.create_function("fits", 2, _fits, deterministic=True)
        connection.create_function("belongs", 2, _belongs)
        # Only an attempt shows whether the file can be written.
        connection.execute("DELETE FROM days WHERE day = ''")
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _fits(models: str, pattern: str) -> bool:
    return any(fnmatchcase(model, pattern) for model in models.split("\n") if model)


def _belongs(directory: str | None, project: str) -> bool:
    if directory is None:
        return False
    # The path alone rules out most runs of other projects.
    inside = directory == project or directory.startswith(project.rstrip(os.sep) + os.sep)
    return inside and str(project_root(Path(directory))) == project


def _stored(row: RunRow) -> list[Any]:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values["costs"] = json.dumps(row.costs)
    values["models"] = "".join(f"\n{model}\n" for model in row.models)
    return [values[name] for name in _COLUMNS]


def _loaded(values: Sequence[Any]) -> RunRow:
    row = dict(zip(_COLUMNS, values, strict=True))
    row["costs"] = json.loads(row["costs"])
    row["models"] = [model for model in row["models"].split("\n") if model]
    for name in ("tokens_complete", "cost_complete", "final"):
        row[name] = bool(row[name])
    return RunRow(**row)
