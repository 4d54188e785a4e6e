"""What a rule is."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from tachograph.redaction.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

BEHIND_ESCAPE = (
    rb"(?<=\\[nrtbfv0])|(?<=\\u[0-9a-fA-F]{4})|(?<=\\x[0-9a-fA-F]{2})|(?<=%[0-9A-Fa-f]{2})"
    rb"|(?<=\[[0-9]m)|(?<=\[[0-9]{2}m)|(?<=;[0-9]m)|(?<=;[0-9]{2}m)"
)
"""Behind an escape or a colour code: they end in letters and digits, and nothing of what follows belongs to them."""

LEFT = rb"(?:(?<![A-Za-z0-9])|" + BEHIND_ESCAPE + rb")"
"""A left boundary that also holds behind an escape: ``\\n`` in a JSON string within a string ends in a letter."""

AT_LEFT = LazyPattern(LEFT)
"""That as the `left` of a rule."""


QUOTE = rb"\\{0,15}[\"']"
"""A quote, in JSON behind as many backslashes as it is deep."""

Below = tuple[list[tuple[int, int, str]], int]
"""Where values begin and end and of what kind they are, from left to right, and how far was read for them."""


class Rank(IntEnum):
    """Which of two rules that claim the same bytes names them; the smaller one."""

    CUSTOM = 0
    STRUCTURE = 1
    VENDOR = 2
    KEYED = 3
    PERSONAL = 4


class Group(IntEnum):
    """Which database a trigger is in.

    The stride of hyperscan's literal matcher grows with its shortest literal, so what would bring in one of a single
    character, and cannot do without an @, stands apart and is looked for only where there is one. What is made of
    digits has no literal at all and is looked for only where there is a long number. The last group is of what is
    looked for on request.
    """

    MAIN = 0
    AT = 1
    NUMBER = 2
    OPTIONAL = 3


class Rule(NamedTuple):
    """One kind of secret.

    Parameters
    ----------
    kind
        The name in the marker and in the counts.
    trigger
        What the engine looks for in all bytes, JSON or plain. It must match wherever `pattern` does, in a form that
        regular expressions and automata share: no groups that capture, no look-around.
    pattern
        Finds the secret around a trigger, in bytes. What goes is the group ``secret``, or all of it.
    source
        The vendor's documentation of the shape.
    rank
        See :class:`Rank`.
    check
        A last word on a match; it may be the kind.
    tagged
        Whether the marker carries a tag; not for what can be guessed by trying all values.
    reach
        Most bytes between the start of a match and the end of its trigger.
    tail
        Bytes behind the end of a trigger that are enough to begin a match.
    beyond
        Whether a match may begin behind the trigger, which then is near it and not within it.
    signs
        All that a match may have up to the end of its trigger; it is not searched for in front of the last other sign.
        Empty where that is not known.
    group
        See :class:`Group`.
    back
        For rules in which the text in front decides: `pattern` is to match this many bytes before the end of the
        trigger. None for patterns that are searched for around it.
    left
        What must hold where the match begins. It is apart, as an expression that begins with a look behind is tried at
        each place.
    finder
        Takes the place of `pattern` and `check` where one trigger gives away many values: finds them from the end of
        the trigger on. `back` is then 0.
    positive, negative
        For the tests: a text that has one and a text that stays, see `tachograph.redaction.shapes.token_shape.shape`.
    """

    kind: str
    trigger: bytes
    pattern: LazyPattern
    source: str
    rank: Rank
    check: Callable[[re.Match[bytes]], bool | str] | None = None
    tagged: bool = True
    reach: int = 256
    tail: int = 512
    beyond: bool = False
    signs: bytes = b""
    group: Group = Group.MAIN
    back: int | None = None
    left: LazyPattern | None = None
    finder: Callable[[bytes, int], Below] | None = None
    positive: str = ""
    negative: str = ""
