"""The bodies that stand in the journal already, so that none of them is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_PLACES = 200_000
_MOST_CHARACTERS = 32_000_000
_MOST_ALIKE = 16
_ENDS = 32

Place = tuple[tuple[object, ...], str | bytes]
"""Where a body belongs: its length and both its ends, and all of it."""


class Bodies:
    """Finds the id under which a body was kept.

    They are looked up by their length and their ends and then compared: unlike a hash that reads a long text to its end
    before anything is known, and may be wrong about it. What they say is held as the program's own strings.
    """

    __slots__ = ("_characters", "_held")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Know of none."""
        self._held: dict[tuple[object, ...], list[tuple[str | bytes, str]]] = {}
        self._characters = 0

    def find(self, part: Mapping[str, Any]) -> tuple[str | None, Place | None]:
        """The id of a part's body, None where it is not known, and its place.

        Parameters
        ----------
        part
            A part of a message. One that is not plain JSON has no place, and is never known.
        """
        body: Any = part.get("content")
        if type(body) is str and len(part) == 2:
            key = (part.get("type"), len(body), body[:_ENDS], body[-_ENDS:])
        else:
            try:
                body = orjson.dumps(part, option=orjson.OPT_NON_STR_KEYS)
            except TypeError:
                return None, None
            key = (len(body), body[:_ENDS], body[-_ENDS:])
        for held, name in self._held.get(key, ()):
            if held == body:
                return name, None
        return None, (key, body)

    def add(self, place: Place, name: str) -> None:
        """Know a body from here on.

        Parameters
        ----------
        place
            What :meth:`find` gave.
        name
            Its id.
        """
        key, body = place
        self._characters += len(body)
        if len(self._held) >= _MOST_PLACES or self._characters > _MOST_CHARACTERS:
            self.clear()
        alike = self._held.get(key)
        if alike is None:
            self._held[key] = [(body, name)]
        else:
            # Those of one length that begin and end alike; of too many the oldest is forgotten, and would be kept anew.
            alike.append((body, name))
            del alike[:-_MOST_ALIKE]
