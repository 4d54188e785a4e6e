"""The append-only JSON lines a process writes while it lives: format, writer, reader, layout on disk."""

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
from tachograph.journal.reader import is_alive, read
from tachograph.journal.records import SCHEMA_VERSION, Frame, Record
from tachograph.journal.writer import JournalWriter

__all__ = [
    "FOLDER",
    "REPORT_FILE",
    "SCHEMA_VERSION",
    "ContentStore",
    "Frame",
    "JournalFile",
    "JournalWriter",
    "Place",
    "Record",
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
]
