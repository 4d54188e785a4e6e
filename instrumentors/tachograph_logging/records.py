"""Records of `logging` as events of the recording."""

from __future__ import annotations

import logging
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from tachograph.instrument.joined_records import remember
from tachograph.runtime.annotations import event
from tachograph.runtime.exceptions import describe
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from logging import LogRecord

_logger = logging.getLogger("tachograph")

_PLAIN = (str, int, float, bool, type(None), BaseException, PurePath)


def keep(record: LogRecord) -> None:
    """Keep a record as an event. Does not raise.

    Parameters
    ----------
    record
        A record of `logging`.
    """
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
        remember(record.name, int(record.created * 1e9))
    except Exception:
        _logger.debug("tachograph: a record of logging is missing", exc_info=True)


def _message(record: LogRecord) -> str:
    """The message with its arguments.

    An object that is no plain value is only named: the program's handlers may never have asked for its text, which can
    raise, hang or be large.
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
