"""The messages of a call, put together again from the content records its span refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from tachograph.journal.coerce import rows
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MESSAGES = {tacho.CONTENT_INPUT: genai.INPUT_MESSAGES, tacho.CONTENT_OUTPUT: genai.OUTPUT_MESSAGES}
_PARTS = {tacho.CONTENT_SYSTEM: genai.SYSTEM_INSTRUCTIONS, tacho.CONTENT_TOOLS: genai.TOOL_DEFINITIONS}
_KEPT = ("role", "name", "finish_reason")


class Transcript:
    """Where the content records of one journal stand. Their text stays in the file until it is asked for."""

    def __init__(self) -> None:
        self._records: dict[str, tuple[Path, int, int]] = {}
        self._bodies: dict[str, tuple[str, int]] = {}

    def add(self, path: Path, at: int, line: bytes) -> None:
        """Note a content record.

        Parameters
        ----------
        path
            The file it stands in.
        at
            The byte it begins at.
        line
            The record.
        """
        record = orjson.loads(line)
        name: str = record["id"]
        parts: list[Any] = rows(record, "parts")
        if len(parts) != len(record["part_ids"]):
            # It could not be sealed.
            return
        self._records[name] = (path, at, len(line))
        for index, (part_id, part) in enumerate(zip(record["part_ids"], parts, strict=True)):
            if not part.get("ref"):
                self._bodies[part_id] = (name, index)

    def inline(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """A span's attributes with the content they name, as JSON in the terms of the GenAI conventions.

        Parameters
        ----------
        attributes
            The attributes of the journal.
        """
        found = dict(attributes)
        for key, name in _MESSAGES.items():
            if isinstance(ids := attributes.get(key), str):
                messages = [message for last in ids.split(",") for message in self._chain(last)]
                if messages:
                    found[name] = orjson.dumps(messages).decode()
        for key, name in _PARTS.items():
            if isinstance(last := attributes.get(key), str):
                parts = [part for message in self._chain(last) for part in message["parts"]]
                if parts:
                    found[name] = orjson.dumps(parts).decode()
        return found

    def _chain(self, last: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        seen: set[str] = set()
        at: str | None = last
        while at is not None and at not in seen:
            seen.add(at)
            record = self._read(at)
            if record is None:
                break
            parts = [
                self._body(part_id) if part.get("ref") else part
                for part_id, part in zip(record["part_ids"], rows(record, "parts"), strict=True)
            ]
            kept = {key: record[key] for key in _KEPT if key in record}
            messages.append({**kept, "parts": [part for part in parts if part is not None]})
            at = record["prev"]
        return messages[::-1]

    def _body(self, part_id: str) -> dict[str, Any] | None:
        home = self._bodies.get(part_id)
        record = self._read(home[0]) if home is not None else None
        return None if home is None or record is None else rows(record, "parts")[home[1]]

    def _read(self, name: str) -> dict[str, Any] | None:
        place = self._records.get(name)
        if place is None:
            return None
        path, at, length = place
        try:
            with path.open("rb") as file:
                file.seek(at)
                return orjson.loads(file.read(length))
        except (OSError, ValueError):
            # Rotation deleted it.
            return None
