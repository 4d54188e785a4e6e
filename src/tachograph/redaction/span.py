"""A stretch of a text that goes."""

from __future__ import annotations

from typing import NamedTuple

from tachograph.redaction.rule_types import Rank  # noqa: TC001 - the annotations of a named tuple


class Span(NamedTuple):
    """A stretch of a text that goes.

    Parameters
    ----------
    start, end
        Its place, in bytes.
    kind
        What it is, for the marker and the counts.
    rank
        Which of two that overlap names them.
    tagged
        Whether its marker has a tag.
    secret
        What stands there, decoded; None for what stands there as it is.
    """

    start: int
    end: int
    kind: str
    rank: Rank
    tagged: bool
    secret: bytes | None = None
