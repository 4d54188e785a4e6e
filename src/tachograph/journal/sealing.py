"""What a builder of records needs of a sealer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Dump(Protocol):
    """A function that gives a value as JSON."""

    def __call__(self, value: object, /) -> bytes: ...


class Seals(Protocol):
    """The part of the sealer that a builder needs."""

    def json(self, value: object, tally: dict[str, int], /) -> bytes:
        """A value as sealed JSON in one line; what was redacted is counted in the tally, kind to count."""
        ...

    @property
    def dump(self) -> Dump:
        """Gives a value as JSON that is not sealed. It raises TypeError if only :meth:`json` can seal the value."""
        ...

    def are_clean(self, bodies: Sequence[bytes], last: bytes, /) -> bool:
        """Whether nothing is to be redacted in values that :attr:`dump` returned.

        Parameters
        ----------
        bodies, last
            The values. That the last one is clean may be known from an earlier call.
        """
        ...
