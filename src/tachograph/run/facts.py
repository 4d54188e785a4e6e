"""The facts of a run at its start: the machine, the versions, the command, the build and the commit."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph._version import __version__
from tachograph.run.ci import ci_facts
from tachograph.run.git import git_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OS_RELEASE = Path("/etc/os-release")
"""Name and version of a Linux: https://www.freedesktop.org/software/systemd/man/latest/os-release.html"""


def run_facts(command: Sequence[str], directory: Path, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The facts of a run at its start; a fact that cannot be found out is left out.

    No program is run, no network is used and no exception is raised.

    Parameters
    ----------
    command
        The command and its arguments.
    directory
        The working directory.
    environ
        The environment the build system is read from; None means this process's.

    Returns
    -------
    dict
        ``host``, ``os``, ``os_version``, ``arch``, ``python``, ``tachograph``, ``directory``, ``command`` and, if
        there is one, ``ci`` (see :func:`~tachograph.run.ci.ci_facts`) and ``git`` (see
        :func:`~tachograph.run.git.git_facts`).
    """
    facts: dict[str, Any] = {}
    with suppress(Exception):
        machine = os.uname()
        facts["host"] = machine.nodename
        facts["os"] = machine.sysname.lower()
        facts["os_version"] = _os_version(machine.release)
        facts["arch"] = machine.machine
    facts["python"] = sys.version.split()[0]
    facts["tachograph"] = __version__
    facts["directory"] = str(directory)
    facts["command"] = [str(word) for word in command]
    with suppress(Exception):
        if ci := ci_facts(os.environ if environ is None else environ):
            facts["ci"] = ci
    with suppress(Exception):
        if git := git_facts(directory):
            facts["git"] = git
    return facts


def working_directory() -> Path:
    """The working directory; the value of `PWD` if it was deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path(os.environ.get("PWD", os.sep))


def _os_version(release: str) -> str:
    """The version that people know; that of the kernel if the system does not name it."""
    if sys.platform == "darwin":
        import platform

        return platform.mac_ver()[0] or release
    with suppress(OSError, UnicodeDecodeError):
        for line in _OS_RELEASE.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            if name == "PRETTY_NAME" and value:
                return value.strip("\"'")
    return release
