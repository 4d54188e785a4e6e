"""What goes wrong at the command line, said in one line."""

from __future__ import annotations


class TachoError(Exception):
    """A failure that is told to the user as one line, ``tacho: …``.

    Parameters
    ----------
    message
        What happened and what to do about it.
    exit_code
        1 for a failure, 2 for wrong usage, 125 when a command was not run as the folder that was named cannot be used.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
