"""Lets the records of `logging` join the recording, from a level on."""

from __future__ import annotations

import logging
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from tachograph.instrument.patch import patch, unpatch
from tachograph.instrument.tracebacks import drop_frame
from tachograph.runtime.annotations import event
from tachograph.runtime.exceptions import describe
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from tachograph.instrument.patch import Patch

_logger = logging.getLogger("tachograph")

_OTHERS = ("tachograph", "opentelemetry")
"""Loggers that speak of the recording itself."""
_MOST_JOINED = 1024
_joined: set[tuple[str, int]] = set()
_PLAIN = (str, int, float, bool, type(None), BaseException, PurePath)


def instrument(level: str) -> None:
    """Record what is logged from here on. The program's own handlers, levels and filters stay as they are.

    Parameters
    ----------
    level
        ``debug``, ``info``, ``warning``, ``error`` or ``critical``; what a logger's own level drops is not seen.
    """
    least: int = getattr(logging, level.upper())

    def make(original: Any, entry: Patch) -> Any:
        def callHandlers(self: logging.Logger, record: logging.LogRecord) -> Any:  # noqa: N802 - the name of the original
            if entry.on and record.levelno >= least and not record.name.startswith(_OTHERS):
                _record(record)
            try:
                return original(self, record)
            except BaseException as error:
                drop_frame(error)
                raise

        return callHandlers

    patch(logging.Logger, "callHandlers", make)


def has_joined(logger: str, time_ns: int) -> bool:
    """Whether a record of `logging` has joined the recording lately.

    Parameters
    ----------
    logger
        The name of its logger.
    time_ns
        When it was made, in ns since the epoch, as handlers that pass records to OpenTelemetry compute it.
    """
    return (logger, time_ns) in _joined


def uninstrument() -> None:
    """Record no more of it."""
    unpatch(logging.Logger, "callHandlers")


def _record(record: logging.LogRecord) -> None:
    try:
        fields: dict[str, object] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            "file": record.pathname,
            "line": record.lineno,
            "function": record.funcName,
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            described = describe(error)
            fields["error"] = f"{described.error_type}: {described.message}"
        event(tacho.LOG_EVENT, **fields)
        if len(_joined) >= _MOST_JOINED:
            _joined.clear()
        _joined.add((record.name, int(record.created * 1e9)))
    except Exception:
        _logger.debug("tachograph: a record of logging is missing", exc_info=True)


def _message(record: logging.LogRecord) -> str:
    """The message with its arguments.

    An object of the program's is only named: its handlers may never have asked for the text, which can raise, hang or
    be large.
    """
    args: Any = record.args
    if isinstance(args, dict):
        named = cast("dict[object, object]", args)
        plain: Any = {name: _plain(value) for name, value in named.items()}
    else:
        plain = tuple(_plain(value) for value in args or ())
    try:
        return str(_plain(record.msg)) % plain if plain else str(_plain(record.msg))
    except (TypeError, ValueError, KeyError):
        return str(_plain(record.msg))


def _plain(value: object) -> object:
    return value if isinstance(value, _PLAIN) else f"<{type(value).__module__}.{type(value).__qualname__}>"
