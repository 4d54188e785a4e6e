"""The error that ended the program."""

from __future__ import annotations


class Failure:
    """The error that ended the program. Only its name is kept: the error itself would keep its frames alive.

    It is no `NamedTuple`: making one evaluates a string, after which the interpreter has forgotten that it was
    interrupted.

    Attributes
    ----------
    name
        The qualified name of its class.
    interrupted
        Whether it is a `KeyboardInterrupt`.
    """

    __slots__ = ("interrupted", "name")

    def __init__(self, name: str, *, interrupted: bool) -> None:
        self.name = name
        self.interrupted = interrupted
