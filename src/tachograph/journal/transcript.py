"""Rebuilds the messages of a call from the content records that its span refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from tachograph.journal.coerce import rows
from tachograph.journal.lines import content_ids, parse
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MESSAGES = {tacho.CONTENT_INPUT: genai.INPUT_MESSAGES, tacho.CONTENT_OUTPUT: genai.OUTPUT_MESSAGES}
_PARTS = {tacho.CONTENT_SYSTEM: genai.SYSTEM_INSTRUCTIONS, tacho.CONTENT_TOOLS: genai.TOOL_DEFINITIONS}
_KEPT = ("role", "name", "finish_reason")


class Place(NamedTuple):
    """Where a record is.

    Attributes
    ----------
    path
        Its file.
    at
        The byte it begins at.
    """

    path: Path
    at: int


class ContentPlaces(Protocol):
    """Finds the records that hold content."""

    def record(self, name: str) -> Place | None:
        """The place of the content record with this id, None if it is not known."""
        ...

    def body(self, part_id: str) -> tuple[str, int] | None:
        """The id of the content record that holds the body of a part, and the index of that part in it."""
        ...


class PlacesInMemory:
    """Keeps the places of the content records of one journal; their text stays in the file."""

    def __init__(self) -> None:
        self._records: dict[str, Place] = {}
        self._bodies: dict[str, tuple[str, int]] = {}

    def add(self, path: Path, at: int, line: bytes) -> None:
        """Note a content record.

        Parameters
        ----------
        path
            The file it is in.
        at
            The byte it begins at.
        line
            The record.
        """
        name, part_ids = content_ids(line)
        self._records[name] = Place(path, at)
        for number, part_id in enumerate(part_ids):
            # The first record that names a body holds it.
            self._bodies.setdefault(part_id, (name, number))

    def record(self, name: str) -> Place | None:
        """See :class:`ContentPlaces`."""
        return self._records.get(name)

    def body(self, part_id: str) -> tuple[str, int] | None:
        """See :class:`ContentPlaces`."""
        return self._bodies.get(part_id)


class Transcript:
    """Rebuilds conversations.

    Parameters
    ----------
    places
        Finds the records that hold content.
    """

    def __init__(self, places: ContentPlaces) -> None:
        self._places = places

    def inline(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """A span's attributes with the content they refer to, as JSON in the terms of the GenAI conventions.

        Parameters
        ----------
        attributes
            The attributes of the span's record.
        """
        inlined = {key: orjson.dumps(value).decode() for key, value in self.content(attributes).items()}
        return {**attributes, **inlined}

    def content(self, attributes: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """The content that a span's attributes refer to, by the attribute of the GenAI conventions.

        These are messages, or the parts of system instructions and tool definitions. Content that is no longer in the
        journal is left out.

        Parameters
        ----------
        attributes
            The attributes of the span's record.
        """
        content: dict[str, list[dict[str, Any]]] = {}
        for key, name in _MESSAGES.items():
            if isinstance(ids := attributes.get(key), str):
                content[name] = [message for last in ids.split(",") for message in self.messages(last)]
        for key, name in _PARTS.items():
            if isinstance(last := attributes.get(key), str):
                content[name] = [part for message in self.messages(last) for part in message["parts"]]
        return {name: items for name, items in content.items() if items}

    def messages(self, last: str) -> list[dict[str, Any]]:
        """The conversation that ends with a message, oldest first.

        Parameters
        ----------
        last
            The id of its content record.
        """
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
        home = self._places.body(part_id)
        record = self._read(home[0]) if home is not None else None
        return None if home is None or record is None else rows(record, "parts")[home[1]]

    def _read(self, name: str) -> dict[str, Any] | None:
        place = self._places.record(name)
        record = None if place is None else read_at(place)
        # Of a message that could not be sealed nothing is left.
        return record if record is not None and len(rows(record, "parts")) == len(record["part_ids"]) else None


def read_at(place: Place) -> dict[str, Any] | None:
    """The record at a place; None if it is gone, as after a rotation."""
    text = bytes_at(place)
    return None if text is None else parse(text)


def bytes_at(place: Place) -> bytes | None:
    """The line at a place; None if it is gone."""
    try:
        with place.path.open("rb") as file:
            file.seek(place.at)
            return file.readline()
    except OSError:
        return None
