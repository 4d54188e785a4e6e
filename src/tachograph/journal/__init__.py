"""The journal: append-only JSON lines that a process writes while it runs. Builder, writer, readers, layout on disk."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tachograph.journal.builder import SCHEMA_VERSION, RecordBuilder, SpanIds, span_ids
from tachograph.journal.content_store import ContentStore
from tachograph.journal.layout import (
    FOLDER,
    REPORT_FILE,
    JournalFile,
    base_dir,
    create_run_dir,
    journal_files,
    journal_path,
    project_root,
    run_dirs,
)
from tachograph.journal.place import Place, deletion, make_place
from tachograph.journal.this_process import this_process
from tachograph.journal.writer import JournalWriter

if TYPE_CHECKING:
    from tachograph.journal.tail import Source, Tail, is_alive, read

__all__ = [
    "FOLDER",
    "REPORT_FILE",
    "SCHEMA_VERSION",
    "ContentStore",
    "JournalFile",
    "JournalWriter",
    "Place",
    "RecordBuilder",
    "Source",
    "SpanIds",
    "Tail",
    "base_dir",
    "create_run_dir",
    "deletion",
    "is_alive",
    "journal_files",
    "journal_path",
    "make_place",
    "project_root",
    "read",
    "run_dirs",
    "span_ids",
    "this_process",
]

# A recorded process writes and never reads.
_READING = {"Source": "tail", "Tail": "tail", "is_alive": "tail", "read": "tail"}


def __getattr__(name: str) -> object:
    home = _READING.get(name)
    if home is None:
        raise AttributeError(f"module 'tachograph.journal' has no attribute {name!r}")
    return getattr(importlib.import_module(f"tachograph.journal.{home}"), name)
