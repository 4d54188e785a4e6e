"""The bodies of messages that the journal has already, so that none of them is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 64_000_000
"""What all bodies take at most, in characters."""
_ENTRY = 200


class KnownBodies:
    """Finds the id of a body that was written before.

    A text is kept as the program's own string, without a copy.

    Attributes
    ----------
    ids
        The ids by what :meth:`key` returns.
    """

    __slots__ = ("_size", "ids")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all bodies."""
        self.ids: dict[object, str] = {}
        self._size = 0

    def key(self, part: Mapping[str, Any]) -> object:
        """What a part's body is known by; None if the part is not plain JSON, and so never known.

        Parameters
        ----------
        part
            A part of a message.
        """
        text: Any = part.get("content")
        if type(text) is str and len(part) == 2:
            kind: Any = part.get("type")
            if type(kind) is str:
                return text if kind == "text" else (kind, text)
        try:
            # Not the bytes alone: as a key they would be compared with equal texts, which `python -b` warns of.
            return 0, orjson.dumps(part, option=orjson.OPT_NON_STR_KEYS)
        except TypeError:
            return None

    def add(self, key: object, name: str) -> None:
        """Remember a body that was written.

        Parameters
        ----------
        key
            What :meth:`key` returned.
        name
            Its id.
        """
        # An entry takes some room besides its text.
        size = len(key if type(key) is str else cast("tuple[object, str]", key)[1]) + _ENTRY
        self._size += size
        if self._size > _MOST:
            self.clear()
            self._size = size
        self.ids[key] = name
