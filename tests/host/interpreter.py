"""A Python under test, with Tachograph and the clients installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "host"
DRIVER = Path(__file__).with_name("driver.py")

CLIENTS = ("openai", "anthropic")

_FOREIGN = """
from importlib.metadata import entry_points
names = {entry.name for entry in entry_points(group="opentelemetry_instrumentor")}
print(",".join(sorted(name for name in names if not name.startswith("tachograph_"))))
"""


class HostError(Exception):
    """Something is missing; the message says what to do."""


class Interpreter(NamedTuple):
    """A Python and what was found out about it."""

    python: Path
    version: str
    """As `3.11.7`."""
    foreign: str
    """The instrumentors in its environment that are not Tachograph's, as OpenTelemetry's variable has them."""

    def script(self, name: str) -> str:
        """The path of a command of its environment."""
        return str(self.python.with_name(name))

    def parts(self, suites: list[str]) -> dict[str, list[str]]:
        """The modules each suite consists of, none for a suite it does not have."""
        found: dict[str, list[str]] = json.loads(_output(self.python, str(DRIVER), "parts", *suites))
        return found


def find(python: Path | None) -> Interpreter:
    """Find the Python to test with.

    Parameters
    ----------
    python
        Any Python from 3.11 on, which gets an environment below ``.cache/host``; None means the one that runs this.

    Raises
    ------
    HostError
        When it has not the `test` package, or its environment cannot be made.
    """
    asked = python or Path(sys.executable)
    try:
        suites = json.loads(_output(asked, str(DRIVER), "parts", "test_threading"))
    except (OSError, subprocess.CalledProcessError) as error:
        raise HostError(f"{asked} cannot be used: {error}") from error
    # Debian has a `test` package of a few modules in every Python, and all others in one of its own.
    if not suites["test_threading"]:
        raise HostError(
            f"{asked} has no tests of CPython to run. Debian and Ubuntu have them in libpython3-testsuite; "
            "--python PATH takes another Python."
        )
    used = asked if python is None else _environment(python)
    version = _output(used, "-c", "import platform; print(platform.python_version())")
    return Interpreter(used, version, _output(used, "-c", _FOREIGN))


def _environment(python: Path) -> Path:
    """The Python of an environment made of another; its mark names what is in it."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise HostError("uv is needed to make an environment for another Python: run this by ./dev")
    made_of = _output(python, "-c", "import sys; print(sys.version, sys.base_prefix)")
    tag = _output(python, "-c", "import sys; print(*sys.version_info[:3], sep='.')")
    home = CACHE / f"python-{tag}"
    used, mark = home / "bin" / "python", home / "complete"
    install = [*CLIENTS, "--editable", str(ROOT)]
    wanted = "\n".join([made_of, *install, (ROOT / "pyproject.toml").read_text("utf-8")])
    if not mark.exists() or mark.read_text("utf-8") != wanted:
        say(f"making an environment for {python}")
        pip = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(used)]
        try:
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", str(python), str(home)], check=True)
            subprocess.run([*pip, *install], check=True)
        except subprocess.CalledProcessError as error:
            raise HostError(f"the environment of {python} cannot be made") from error
        mark.write_text(wanted, "utf-8")
    return used


def _output(python: Path, *words: str) -> str:
    done = subprocess.run([python, *words], stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    return done.stdout.strip()


def say(text: str) -> None:
    """Write a line to standard error."""
    print(f"host: {text}", file=sys.stderr, flush=True)
