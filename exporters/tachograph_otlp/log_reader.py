"""Reads the log records to send from the lines of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.journal.lines import parse, type_of
from tachograph_otlp import conversion

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk._logs import ReadableLogRecord


class LogReader:
    """Reads the log records of one journal.

    Parameters
    ----------
    event_content
        Whether prompts, answers and payloads in records of the Logs API are sent.
    own_provider
        Whether records that the program's own exporters get are sent too.
    """

    def __init__(self, *, event_content: bool, own_provider: bool) -> None:
        self._converter = conversion.RecordConverter()
        self._event_content = event_content
        self._own_provider = own_provider

    def read(self, path: Path, at: int, line: bytes, *, already_sent: bool) -> ReadableLogRecord | None:
        """See :class:`tachograph_otlp.batches.ItemReader`."""
        del path, at
        kind = type_of(line)
        if kind in {"process", "scope"}:
            self._converter.read(line)
        elif kind == "event" and not already_sent:
            record = parse(line)
            if record is not None and (self._own_provider or not record.get("own_provider")):
                return self._converter.log(record if self._event_content else conversion.without_content(record))
        return None
