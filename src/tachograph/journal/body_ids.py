"""The bodies of messages that the journal has already, so that none of them is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_PLACES = 200_000
_MOST_CHARACTERS = 32_000_000
_MOST_ALIKE = 16
_ENDS = 32

NewBody = tuple[tuple[object, ...], str | bytes]
"""A body that is not known yet: its lookup key (length and both ends), and the whole body."""


class KnownBodies:
    """Finds the id of a body that was written before.

    Bodies are looked up by their length and both ends, and then compared. A hash would have to read a long text to its
    end first, and two texts can have the same hash. Texts are kept as the program's own strings, without a copy.
    """

    __slots__ = ("_bodies", "_characters")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all bodies."""
        self._bodies: dict[tuple[object, ...], list[tuple[str | bytes, str]]] = {}
        self._characters = 0

    def find(self, part: Mapping[str, Any]) -> tuple[str | None, NewBody | None]:
        """The id of a part's body or, if it is not known, what :meth:`add` needs to know it; the other is None.

        Parameters
        ----------
        part
            A part of a message. If it is not plain JSON it is never known, and both are None.
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
        for known_body, name in self._bodies.get(key, ()):
            if known_body == body:
                return name, None
        return None, (key, body)

    def add(self, new_body: NewBody, name: str) -> None:
        """Remember a body that was written.

        Parameters
        ----------
        new_body
            What :meth:`find` returned.
        name
            Its id.
        """
        key, body = new_body
        self._characters += len(body)
        if len(self._bodies) >= _MOST_PLACES or self._characters > _MOST_CHARACTERS:
            self.clear()
        alike = self._bodies.get(key)
        if alike is None:
            self._bodies[key] = [(body, name)]
        else:
            # Of too many bodies with one key the oldest is forgotten; it would be written again.
            alike.append((body, name))
            del alike[:-_MOST_ALIKE]
