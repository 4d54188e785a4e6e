"""What the start-up hook calls once a process has something to record."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tachograph._version import version_numbers
from tachograph.distro.plugins import instrument
from tachograph.run.plugin_table import HTTP_TARGETS, TARGETS
from tachograph.runtime.interpreter import is_main

if TYPE_CHECKING:
    from types import TracebackType

_OLDEST_OPENTELEMETRY = (1, 45)


def imported(name: str) -> None:
    """Bring recording up, because the program has imported a module.

    Parameters
    ----------
    name
        The module; one of :data:`~tachograph.run.plugin_table.TARGETS` is instrumented.
    """
    if not able():
        return
    from tachograph.distro.activation import activate

    if activate() is None:
        return
    for plugin in {**TARGETS, **HTTP_TARGETS}.get(name, ()):
        instrument(plugin, name)


def escaped(error: BaseException, trace: TracebackType | None, *, ends: bool) -> None:
    """Record an error no code handled.

    Parameters
    ----------
    error
        The error.
    trace
        Its traceback.
    ends
        Whether it ends the program; one that ends a thread does not.
    """
    if not able():
        return
    from tachograph.distro.uncaught import record_uncaught

    record_uncaught(error, trace, ends=ends)


def able() -> bool:
    """Whether this environment has what recording needs.

    It may be the program's: its OpenTelemetry is never replaced. One that is too old cannot record, nor one whose API
    is older than its SDK needs.
    """
    if not is_main():
        return False
    try:
        importlib.import_module("orjson")
        api = version_numbers(importlib.import_module("opentelemetry.version").__version__)
        sdk = version_numbers(importlib.import_module("opentelemetry.sdk.version").__version__)
    except Exception:
        return False
    return api >= sdk >= _OLDEST_OPENTELEMETRY
