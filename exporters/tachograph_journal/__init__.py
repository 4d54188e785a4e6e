"""The local journal as an OpenTelemetry span processor, and the recorder behind it."""

from tachograph_journal.processor import JournalSpanProcessor
from tachograph_journal.recorder import JournalRecorder

__all__ = ["JournalRecorder", "JournalSpanProcessor"]
