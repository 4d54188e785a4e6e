"""The outcome of a run, from how its command ended."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tachograph.launcher.child import Ended

_INTERRUPTING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT})
_FAILING = frozenset({signal.SIGPIPE, signal.SIGALRM, signal.SIGXCPU, signal.SIGXFSZ})
# A program or a shell that ended because of a signal it handled exits with 128 and its number.
_INTERRUPTED_CODES = frozenset(128 + number for number in _INTERRUPTING)


def outcome(ended: Ended) -> dict[str, Any]:
    """The members of a ``run`` record of state ``end``: ``outcome``, ``reason``, ``exit_code`` and ``signal``.

    Parameters
    ----------
    ended
        How the command ended.
    """
    number = ended.signal
    if number is None:
        code = ended.exit_code
        result = "completed" if code == 0 else "interrupted" if code in _INTERRUPTED_CODES else "failed"
        return {"outcome": result, "reason": None, "exit_code": code, "signal": None}
    result = "interrupted" if number in _INTERRUPTING else "failed" if number in _FAILING else "crashed"
    name = number.name if isinstance(number, signal.Signals) else f"signal {int(number)}"
    return {"outcome": result, "reason": None, "exit_code": None, "signal": name}
