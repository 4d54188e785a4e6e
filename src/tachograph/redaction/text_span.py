"""The place of a secret in a text."""

from __future__ import annotations

from typing import NamedTuple

from tachograph.redaction.rule_types import Rank  # noqa: TC001 - the annotations of a named tuple


class Span(NamedTuple):
    """A part of a text that is redacted.

    Parameters
    ----------
    start, end
        Its place, in bytes.
    kind
        The kind of secret, for the marker and the counts.
    rank
        Decides which of two that overlap names them.
    tagged
        Whether its marker has a tag.
    secret
        The secret if it is encoded at that place; None if it is written there as it is.
    """

    start: int
    end: int
    kind: str
    rank: Rank
    tagged: bool
    secret: bytes | None = None
