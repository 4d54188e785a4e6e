"""A flight recorder for LLM programs and coding agents.

Run a program with ``tacho run -- python agent.py``, or call :func:`start` in it. What is here does nothing measurable
in a process that is not recorded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tachograph._version import __version__

if TYPE_CHECKING:
    from tachograph.distro.start import start
    from tachograph.runtime.annotations import describe, event, outcome
    from tachograph.runtime.phases import iteration, phase

__all__ = ["__version__", "describe", "event", "iteration", "outcome", "phase", "start"]

# The start-up hook of every recorded Python process imports modules below this package: it stays as good as empty until
# one of these names is used.
_HOMES = {
    "describe": "tachograph.runtime.annotations",
    "event": "tachograph.runtime.annotations",
    "iteration": "tachograph.runtime.phases",
    "outcome": "tachograph.runtime.annotations",
    "phase": "tachograph.runtime.phases",
    "start": "tachograph.distro.start",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tachograph' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value
