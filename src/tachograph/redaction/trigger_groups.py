"""Which database a trigger is in, and the numbers of the triggers that are no rule's."""

from __future__ import annotations

from enum import IntEnum


class Group(IntEnum):
    """Which database a trigger is in.

    The stride of hyperscan's literal matcher grows with its shortest literal. Triggers that would bring in a literal of
    one character and always contain an @ are in a database that is used only if there is an @. Triggers of digits have
    no literal at all; their database is used only around long numbers. The last one has what is looked for on request.
    """

    MAIN = 0
    AT = 1
    NUMBER = 2
    OPTIONAL = 3


# The number of a rule's trigger is the rule's place in the catalogue. These are far behind all of them.
ESCAPES = 1_000_000
r"""The number under which an escape such as ``\u0022``, ``%3D`` or ``&quot;`` is reported."""
BASE64 = ESCAPES + 1
"""The number under which what may be a secret in base 64 is reported."""
LONG_NUMBER = ESCAPES + 2
"""The number under which a long number is reported, or four with full stops: the group NUMBER is scanned around it."""
STRUCTURE = ESCAPES + 3
"""The number under which JSON is reported in which the names or places of members decide."""
