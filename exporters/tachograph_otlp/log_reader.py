"""Reads the log records that are sent from the lines of a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.journal.lines import parse, type_of
from tachograph_otlp import conversion

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk._logs import ReadableLogRecord


class LogReader:
    """The events of one journal.

    Parameters
    ----------
    event_content
        Whether prompts, answers and payloads are sent that a record of the Logs API holds.
    own_provider
        Whether records are sent that the program's own exporters get.
    """

    def __init__(self, *, event_content: bool, own_provider: bool) -> None:
        self._origin = conversion.Origin()
        self._event_content = event_content
        self._own_provider = own_provider

    def read(self, path: Path, at: int, line: bytes, *, again: bool) -> ReadableLogRecord | None:
        """See :class:`tachograph_otlp.batches.Reader`."""
        del path, at
        kind = type_of(line)
        if kind in {"process", "scope"}:
            self._origin.read(line)
        elif kind == "event" and not again:
            record = parse(line)
            if record is not None and (self._own_provider or not record.get("own_provider")):
                return self._origin.log(record if self._event_content else conversion.without_content(record))
        return None
