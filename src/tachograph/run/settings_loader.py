"""Loads the settings of a process, from what the launcher handed on or from the environment and a file."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from tachograph.run.settings import ENV_CONFIG, ENV_SETTINGS, Settings, declared, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tachograph.errors import SettingsError


def load(environ: Mapping[str, str] | None = None, start: Path | None = None) -> Settings:
    """The settings in force for a process.

    Parameters
    ----------
    environ
        The environment to read; None means this process's.
    start
        The folder from which the project's file is looked for, upwards; None means the working directory.

    Raises
    ------
    SettingsError
        When a value is of the wrong type or outside its range, or the file cannot be read as TOML.
    """
    env = os.environ if environ is None else environ
    if handed := env.get(ENV_SETTINGS):
        return from_json(handed)
    from tachograph.run.config_file import config_path

    path = config_path(env.get(ENV_CONFIG), start)
    texts = {
        name: text
        for name, setting in declared().items()
        if setting.variable is not None and (text := env.get(setting.variable))
    }
    if path is None and not texts:
        return Settings()
    from tachograph.run.setting_values import read_file, read_variables

    values = read_file(path) if path is not None else {}
    return replace(Settings(source=None if path is None else str(path)), **{**values, **read_variables(texts)})


def load_or_default(on_error: Callable[[SettingsError], None] | None = None) -> Settings:
    """The settings in force for this process; the defaults if they cannot be used.

    Parameters
    ----------
    on_error
        Called with the reason when the defaults are used; it may raise. None for no report.
    """
    try:
        return load()
    except ValueError as error:
        # Imported only now: a recorded process gets its settings from the launcher, and they can be used.
        from tachograph.errors import SettingsError

        if not isinstance(error, SettingsError):
            raise
        if on_error is not None:
            on_error(error)
        return Settings()
