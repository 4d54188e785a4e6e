"""Puts instrumentors in, by name: the core imports no plug-in."""

from __future__ import annotations

import importlib
import logging
import os

_logger = logging.getLogger("tachograph")

ENV_DISABLED = "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"


def instrument(plugin: str, target: str | None = None) -> None:
    """Instrument with a plug-in, unless the environment says not to; a failure is one warning.

    Parameters
    ----------
    plugin
        The package, which is also the name of its entry point.
    target
        What could not be instrumented, for the warning; None means the plug-in itself.
    """
    # `opentelemetry-instrument` reads the variable in the same way.
    disabled = {name.strip() for name in os.environ.get(ENV_DISABLED, "").split(",")}
    if disabled & {plugin, "*"}:
        return
    try:
        importlib.import_module(plugin).instrument()
    except Exception:
        _logger.warning("tachograph: %s could not be instrumented", target or plugin, exc_info=True)
