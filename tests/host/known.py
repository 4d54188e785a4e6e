"""The differences that are known and why they are there."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.host.compare import Difference

FILE = Path(__file__).with_name("known.toml")


class Known(NamedTuple):
    """An entry of the list."""

    test: str
    """The id of a test, or a pattern of ids with `*`."""
    ways: tuple[str, ...]
    """The ways of recording it is known for; none means all."""
    pythons: tuple[str, ...]
    """The versions of Python it is known for, as `3.11`; none means all."""
    recorded: str
    """How the test ends when it is recorded."""
    because: str

    def covers(self, difference: Difference, version: str) -> bool:
        """Whether a difference is this one.

        Parameters
        ----------
        difference
            What was found.
        version
            The version of Python it was found with.
        """
        return (
            fnmatchcase(difference.test, self.test)
            and difference.way.name in (self.ways or (difference.way.name,))
            and ".".join(version.split(".")[:2]) in (self.pythons or (".".join(version.split(".")[:2]),))
            and set(difference.recorded) == {self.recorded}
        )


def read(path: Path = FILE) -> list[Known]:
    """Read the list.

    Parameters
    ----------
    path
        The TOML file.
    """
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("known", [])
    return [
        Known(
            test=entry.pop("test"),
            ways=tuple(entry.pop("ways", ())),
            pythons=tuple(entry.pop("pythons", ())),
            recorded=entry.pop("recorded"),
            because=entry.pop("because"),
            **entry,
        )
        for entry in entries
    ]
