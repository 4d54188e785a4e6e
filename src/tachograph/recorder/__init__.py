"""The local journal as an OpenTelemetry span processor, and the recorder behind it."""

from tachograph.recorder.process_recorder import ProcessRecorder
from tachograph.recorder.span_processor import JournalSpanProcessor

__all__ = ["JournalSpanProcessor", "ProcessRecorder"]
