"""What is recorded of an exception: its type, its message, and where it was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import FrameSummary
    from types import TracebackType


class ExceptionDescription:
    """What is recorded of an exception. Text from the program is not redacted yet.

    It is no `NamedTuple`: making one evaluates a string, after which the interpreter has forgotten that it was
    interrupted.

    Attributes
    ----------
    error_type
        The value of ``error.type``: the full name of the class, always with its module, e.g. ``builtins.ValueError``.
    exception_type
        The value of ``exception.type``, as the SDK's `record_exception` writes it: without the module if that is
        `builtins`.
    message
        The text of the exception, empty if it has none or cannot be printed.
    """

    __slots__ = ("error_type", "exception_type", "message")

    def __init__(self, error_type: str, exception_type: str, message: str) -> None:
        self.error_type = error_type
        self.exception_type = exception_type
        self.message = message


def describe(error: BaseException) -> ExceptionDescription:
    """Describe an exception. Does not raise, even if the exception cannot be printed.

    Sources: https://opentelemetry.io/docs/specs/semconv/general/recording-errors/ asks for the canonical name of the
    class in ``error.type``, https://opentelemetry.io/docs/specs/semconv/registry/attributes/exception/ for its full
    name, if there is one.

    Parameters
    ----------
    error
        The exception.
    """
    name = error_type(error)
    return ExceptionDescription(name, name.removeprefix("builtins."), _message(error))


def error_type(error: BaseException) -> str:
    """The value of ``error.type`` for an exception; see :class:`ExceptionDescription`."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}" if kind.__module__ else kind.__qualname__


def innermost_frames(trace: TracebackType | None, most: int) -> list[FrameSummary]:
    """The innermost frames of a traceback, the innermost last.

    Parameters
    ----------
    trace
        The traceback.
    most
        The largest number of frames.
    """
    import traceback

    return list(traceback.extract_tb(trace, limit=-most))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""
