"""Recording from inside the program."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tachograph.distro.activation import activate, activation
from tachograph.distro.plugins import instrument as instrument_with
from tachograph.distro.uncaught import watch
from tachograph.run.plugin_table import PLUGINS
from tachograph.run.settings_loader import load_or_default

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph.errors import SettingsError
    from tachograph.run.settings import Level

_logger = logging.getLogger("tachograph")


def start(
    *,
    level: Level | None = None,
    directory: str | Path | None = None,
    name: str | None = None,
    content: bool | None = None,
) -> str | None:
    """Record this process from here on.

    Inside ``tacho run``, or when called twice, it joins the recording that is on. What is not given comes from the
    environment and the project's file.

    Parameters
    ----------
    level
        off, error, info or debug.
    directory
        The ``.tachograph`` folder. When none is named here or in the settings and the project's cannot be written, the
        run is kept in the user's state folder, and one warning names it.
    name
        The name of the run.
    content
        Whether prompts, answers and payloads are kept.

    Returns
    -------
    str or None
        The run's id; None when nothing is recorded, and then one warning says why.
    """
    if activation() is None:
        settings = load_or_default(_warn)
        if level is not None:
            settings = replace(settings, level=level)
        if directory is not None:
            settings = replace(settings, directory=str(directory))
        if name is not None:
            settings = replace(settings, name=name)
        if content is not None:
            settings = replace(settings, content=content)
        if activate(settings) is None:
            return None
        watch()
    instrument()
    active = activation()
    return active.recorder.run_id if active is not None else None


def _warn(error: SettingsError) -> None:
    _logger.warning("tachograph: %s Default settings are used.", error)


def instrument() -> None:
    """Instrument every target that is imported, now or later."""
    for plugin in PLUGINS:
        if plugin.imports:
            instrument_with(plugin.name)
