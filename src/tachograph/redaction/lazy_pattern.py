"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re


class LazyPattern:
    """An expression that is compiled at its first use; most are never used in a program.

    Parameters
    ----------
    source
        The expression.
    flags
        The flags of `re.compile`.
    """

    __slots__ = ("_compiled", "flags", "source")

    def __init__(self, source: bytes, flags: int = 0) -> None:
        self.source = source
        self.flags = flags
        self._compiled: re.Pattern[bytes] | None = None

    @property
    def compiled(self) -> re.Pattern[bytes]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.source, self.flags)
        return self._compiled
