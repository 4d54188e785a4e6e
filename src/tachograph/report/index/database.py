"""The file of an index: its tables, and how it is opened whatever has become of it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INDEX_FILE = "index.sqlite"
HELD, SETTLED, FINAL = range(3)
"""States of a call: not settled, settled while the run went on, and settled when it was over."""
_FORMAT = 1
_TABLES = """
    CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT UNIQUE, position INTEGER);
    CREATE TABLE traces (id INTEGER PRIMARY KEY, trace_id TEXT UNIQUE);
    CREATE TABLE spans (
        span_id TEXT, trace INTEGER, parent_id TEXT, name TEXT, scope TEXT, kind TEXT, pid INTEGER,
        start_ns INTEGER, end_ns INTEGER, status TEXT, file INTEGER, at INTEGER, start_file INTEGER, start_at INTEGER
    );
    CREATE TABLE events (
        time_ns INTEGER, name TEXT, pid INTEGER, span_id TEXT, severity INTEGER, file INTEGER, at INTEGER,
        PRIMARY KEY (file, at)
    ) WITHOUT ROWID;
    CREATE TABLE calls (span_id TEXT PRIMARY KEY, repeats TEXT, state INTEGER, ancestry TEXT) WITHOUT ROWID;
    CREATE TABLE content (id TEXT PRIMARY KEY, file INTEGER, at INTEGER) WITHOUT ROWID;
    CREATE TABLE bodies (part_id TEXT PRIMARY KEY, id TEXT, number INTEGER) WITHOUT ROWID;
"""
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS spans_by_id ON spans (span_id)",
    "CREATE INDEX IF NOT EXISTS spans_by_trace ON spans (trace, start_ns)",
    "CREATE INDEX IF NOT EXISTS spans_by_parent ON spans (parent_id, start_ns)",
    "CREATE INDEX IF NOT EXISTS open_spans ON spans (start_ns) WHERE end_ns IS NULL",
    "CREATE INDEX IF NOT EXISTS events_by_time ON events (time_ns)",
    "CREATE INDEX IF NOT EXISTS calls_not_final ON calls (span_id) WHERE state < 2",
)


def connect(path: Path | None) -> sqlite3.Connection:
    """Open an index, empty if it has to be built: in memory if the folder cannot be written.

    Parameters
    ----------
    path
        The file; None means in memory.
    """
    for _ in range(2):
        if path is None:
            break
        # For this user only, as the journals are.
        with suppress(OSError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            return _prepared(sqlite3.connect(path, timeout=5))
        except sqlite3.OperationalError:
            break
        except sqlite3.DatabaseError:
            # It is no database or a damaged one; everything in it can be built again.
            remove(path)
    return _prepared(sqlite3.connect(":memory:"))


def clear(connection: sqlite3.Connection) -> None:
    """Delete all rows and make the tables of this format, within a transaction."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DROP TABLE "{name}"')
    for statement in _TABLES.split(";")[:-1]:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_FORMAT}")


def finish(connection: sqlite3.Connection) -> None:
    """Keep what was added. The indexes of a first build are made at its end, which takes half of the time."""
    for statement in _INDEXES:
        connection.execute(statement)
    connection.execute("COMMIT")


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        connection.isolation_level = None
        # What is lost in a crash of the machine is built again.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("PRAGMA page_size = 16384")
        # Of two that extend one index at once the second waits, and finds it extended.
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
            clear(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def remove(path: Path) -> None:
    """Delete an index; everything in it can be built again."""
    for file in (path, path.with_name(f"{path.name}-journal")):
        with suppress(OSError):
            file.unlink()
