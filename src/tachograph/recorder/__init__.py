"""Writes what a process records to its journal: spans, log records, metrics, events and content."""

from tachograph.recorder.process_recorder import ProcessRecorder
from tachograph.recorder.span_processor import JournalSpanProcessor

__all__ = ["JournalSpanProcessor", "ProcessRecorder"]
