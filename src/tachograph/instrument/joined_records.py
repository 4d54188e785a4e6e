"""Which log records have joined the recording lately, so that a handler that passes them on does not make them two."""

from __future__ import annotations

_MOST_JOINED = 1024
_joined: set[tuple[str, int]] = set()


def remember(logger: str, time_ns: int) -> None:
    """Remember that a record has joined the recording.

    Parameters
    ----------
    logger
        The name of its logger.
    time_ns
        When it was made, in ns since the epoch, as handlers that pass records to OpenTelemetry compute it.
    """
    if len(_joined) >= _MOST_JOINED:
        _joined.clear()
    _joined.add((logger, time_ns))


def has_joined(logger: str, time_ns: int) -> bool:
    """Whether a record has joined the recording lately; see :func:`remember`."""
    return (logger, time_ns) in _joined
