"""Finds and reads the configuration file of a project: `tachograph.toml`, or `pyproject.toml` with a table for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tachograph.run.settings import ENV_CONFIG

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph.errors import UnreadableSettingsError

CONFIG_FILE = "tachograph.toml"
_PYPROJECT = "pyproject.toml"


def config_path(named: str | None, start: Path | None) -> Path | None:
    """The configuration file of a project; None if it has none.

    Parameters
    ----------
    named
        The file that `TACHOGRAPH_CONFIG` names, which is used instead; None if it names none.
    start
        The folder from which the file is looked for, upwards to the root of the git work tree; None means the working
        directory. A working directory that was deleted has none.

    Raises
    ------
    SettingsError
        When the file that was named does not exist, or one that may hold settings cannot be read.
    """
    file = _named(named) if named else _above(start)
    if file is None:
        return None
    from pathlib import Path

    return Path(file)


def _named(path: str) -> str:
    if not os.path.isfile(path):  # noqa: PTH113 - as below
        from tachograph.errors import SettingsError

        raise SettingsError(f"{ENV_CONFIG} names {path}, which is not a file. Create it, or unset the variable.")
    return path


# Most folders have no such file: `pathlib` is imported only for one that has, because that takes longer than the rest.
# Up to Python 3.13 its methods raise if a folder may not be entered.
def _above(start: Path | None) -> str | None:
    try:
        folder = os.path.realpath(start or os.getcwd())  # noqa: PTH109 - see above
    except FileNotFoundError:
        # The working directory was deleted.
        return None
    while True:
        config_file = os.path.join(folder, CONFIG_FILE)  # noqa: PTH118
        if os.path.exists(config_file):  # noqa: PTH110
            return config_file
        pyproject = os.path.join(folder, _PYPROJECT)  # noqa: PTH118
        if os.path.isfile(pyproject) and b"[tool.tachograph" in _content(pyproject):  # noqa: PTH113
            return pyproject
        parent = os.path.dirname(folder)  # noqa: PTH120
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):  # noqa: PTH110, PTH118
            return None
        folder = parent


def read_table(path: Path) -> dict[str, Any]:
    """The table of settings in a configuration file.

    Raises
    ------
    UnreadableSettingsError
        When the file cannot be read as TOML.
    """
    import tomllib

    content = _content(path)
    try:
        document = tomllib.loads(content.decode())
    except ValueError as error:
        raise _unreadable(path, error) from error
    return document.get("tool", {}).get("tachograph", {}) if path.name == _PYPROJECT else document


def _content(path: Path | str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        # It may hold settings of redaction, which must not be ignored.
        raise _unreadable(path, error.strerror or error) from error


def _unreadable(path: Path | str, reason: object) -> UnreadableSettingsError:
    from tachograph.errors import UnreadableSettingsError

    return UnreadableSettingsError(f"{path}: {reason}. Fix the file, or set {ENV_CONFIG} to another one.")
