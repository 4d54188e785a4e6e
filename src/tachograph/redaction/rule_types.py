"""What a rule is: a trigger for the scan, and how the secret is found from there.

There are three ways, and a rule has one of them: :class:`Around` searches near the trigger, :class:`Behind` matches at
its end, :class:`Below` reads on from its end.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, final

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.trigger_groups import Group

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Check = Callable[[re.Match[bytes]], bool | str]
    """Decides on a match: whether it is a secret, or of which kind; an empty text refuses it."""

    Cell = tuple[int, int, str]
    """Where a value begins and ends, and its kind."""

    Finder = Callable[[bytes, int], tuple[list[Cell], int]]
    """Finds values from a place of a text on, from left to right; also returns up to where it has read."""

BEHIND_ESCAPE = (
    rb"(?<=\\[nrtbfv0])|(?<=\\u[0-9a-fA-F]{4})|(?<=\\x[0-9a-fA-F]{2})|(?<=%[0-9A-Fa-f]{2})"
    rb"|(?<=\[[0-9]m)|(?<=\[[0-9]{2}m)|(?<=;[0-9]m)|(?<=;[0-9]{2}m)"
)
"""Behind an escape or a colour code: they end in letters and digits that are no part of what follows."""

LEFT = rb"(?:(?<![A-Za-z0-9])|" + BEHIND_ESCAPE + rb")"
"""A left boundary that also holds behind an escape: ``\\n`` in a JSON string within a string ends in a letter."""

AT_LEFT = LazyPattern(LEFT)
"""The boundary `LEFT`, for the `left` of a rule."""

QUOTE = rb"\\{0,15}[\"']"
"""A quote; within JSON it has backslashes in front, more of them the deeper it is nested."""


class Rank(IntEnum):
    """Which of two rules that claim the same bytes names them: the smaller one."""

    CUSTOM = 0
    STRUCTURE = 1
    VENDOR = 2
    KEYED = 3
    PERSONAL = 4


@final
class Around(NamedTuple):
    """Searches for a secret near the end of the trigger.

    Parameters
    ----------
    pattern
        The expression of the secret, in bytes. The group ``secret`` is redacted, or all of it.
    check
        Decides on a match; None accepts each.
    left
        What must hold where the match begins. It is apart from `pattern`, because an expression that begins with a look
        behind is tried at each place.
    reach
        Most bytes between the start of a match and the end of its trigger.
    tail
        Bytes behind the end of a trigger that are enough to begin a match.
    beyond
        Whether a match may begin behind the trigger: the trigger is then near the secret and not a part of it.
    signs
        Bytes a match may consist of before the end of its trigger; the search starts behind the last byte that is not
        one of them. Empty if they are not known.
    """

    pattern: LazyPattern
    check: Check | None = None
    left: LazyPattern | None = None
    reach: int = 256
    tail: int = 512
    beyond: bool = False
    signs: bytes = b""


@final
class Behind(NamedTuple):
    """Matches a secret at the end of the trigger: for rules in which the text in front decides.

    Parameters
    ----------
    pattern
        The expression of the secret, in bytes. The first of the groups ``secret``, ``quoted``, ``cut``, ``block``,
        ``bare``, ``single`` and ``double`` that takes part is redacted, or all of it.
    check
        Decides on a match; None accepts each.
    back
        How many bytes before the end of the trigger `pattern` begins.
    """

    pattern: LazyPattern
    check: Check | None = None
    back: int = 0


@final
class Below(NamedTuple):
    """Reads on from the end of the trigger: for triggers that give away many values, such as the head of a table.

    Parameters
    ----------
    finder
        Finds the values.
    """

    finder: Finder


class Rule(NamedTuple):
    """One kind of secret.

    Parameters
    ----------
    kind
        The name in the marker and in the counts.
    trigger
        What the engine looks for in all bytes, JSON or plain. It must match wherever the secret is, in a form that
        regular expressions and automata share: no capturing groups, no look-around.
    find
        How the secret is found from the trigger.
    source
        The vendor's documentation of the token, or the specification of the place.
    rank
        See :class:`Rank`.
    tagged
        Whether the marker carries a tag; not for what can be guessed by trying all values.
    group
        See :class:`Group`.
    positive, negative
        For the tests: a text that has one and a text that stays, see `tachograph.redaction.shapes.token_shape.token`.
    """

    kind: str
    trigger: bytes
    find: Around | Behind | Below
    source: str
    rank: Rank
    tagged: bool = True
    group: Group = Group.MAIN
    positive: str = ""
    negative: str = ""


def rule_behind(kind: str, trigger: bytes, pattern: bytes, source: str, check: Check, back: int = 0) -> Rule:
    """The rule of a value right behind its trigger; see :class:`Behind`."""
    return Rule(kind, trigger, Behind(LazyPattern(pattern), check, back), source, Rank.KEYED)
