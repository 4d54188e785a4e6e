"""Keeps the frames of wrappers out of the program's tracebacks."""

from __future__ import annotations


def drop_frame(error: BaseException) -> None:
    """Take the frame of the caller out of the traceback of an error that it re-raises by a bare ``raise``.

    An interpreter adds a frame to a traceback once, when the error enters it, and not again when the error is raised
    again by ``raise`` without an operand.

    Parameters
    ----------
    error
        The error that the caller has just caught.
    """
    trace = error.__traceback__
    if trace is not None:
        error.__traceback__ = trace.tb_next
