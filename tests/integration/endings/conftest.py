"""Runs a program bare and recorded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.integration.endings.program import MODEL

from tachograph.demo.provider import Provider
from tachograph.journal import journal_files, read, run_dirs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.endings.program import Program

BIN = Path(sys.executable).parent
_OURS = ("TACHOGRAPH_", "OTEL_", "TRACE", "PYTHON", "COV", "CI", "GITHUB_", "GITLAB_", "BUILD")
_SCOPES = frozenset({"tachograph.openai", "tachograph.anthropic"})
_ADDRESS = re.compile(r"0x[0-9a-f]+")


class Ended(NamedTuple):
    """How a program ended, as others see it."""

    code: int
    """The exit code; a signal's number, negative."""
    stdout: str
    stderr: str


class Host:
    """A folder with a program, and a provider for it.

    Parameters
    ----------
    folder
        An empty folder.
    provider
        What answers the program's calls.
    caches
        Where an installation keeps what it has compiled.
    """

    def __init__(self, folder: Path, provider: Provider, caches: Path) -> None:
        self._folder = folder
        self._work = folder / "work"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
            "MODEL_URL": provider.url,
            "PWD": str(self._work),
            "XDG_DATA_HOME": str(caches / "data"),
            "XDG_CACHE_HOME": str(caches / "cache"),
        }

    def run(self, program: Program, way: str, *, timeout_s: float = 60) -> Ended:
        """Run a program, in a folder that is made for it.

        Parameters
        ----------
        program
            The program.
        way
            What records it: `tacho run`, `opentelemetry-instrument` or nothing, `bare`.
        timeout_s
            The longest it may take, in seconds.
        """
        # The same paths each time, as tracebacks have them.
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir()
        (self._work / "program.py").write_text(program.text.lstrip("\n") + "\n", "utf-8")
        (self._work / "model.py").write_text(MODEL, "utf-8")
        command = [sys.executable, *program.options, "program.py"]
        if program.shell is not None:
            command = ["sh", "-c", program.shell, "sh", *command]
        environ = dict(self._environ)
        if way == "tacho run":
            command = [str(BIN / "tacho"), "run", "--dir", str(self._recorded(way)), "--", *command]
        elif way == "opentelemetry-instrument":
            command.insert(0, str(BIN / way))
            # OpenTelemetry's own instrumentors would change the program by themselves.
            environ["OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"] = "openai,anthropic,httpx,httpx2"
            environ["TACHOGRAPH_DIR"] = str(self._recorded(way))
        done = subprocess.run(
            command,
            cwd=self._work,
            env=environ,
            input=program.stdin,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        return Ended(done.returncode, _text(done.stdout), _text(done.stderr))

    def calls(self, way: str) -> int:
        """How many calls of models were recorded in a way."""
        return sum(
            record["type"] == "span.start" and record.get("scope") in _SCOPES
            for run_dir in run_dirs(self._recorded(way))
            for record in _records(run_dir)
        )

    def _recorded(self, way: str) -> Path:
        return self._folder / way.replace(" ", "-")


def _text(written: bytes) -> str:
    # Objects are elsewhere in each process.
    return _ADDRESS.sub("0x…", written.decode("utf-8", "backslashreplace"))


def _records(run_dir: Path) -> list[dict[str, Any]]:
    problems: list[str] = []
    return [dict[str, Any](record) for parts in journal_files(run_dir) for record in read(parts, problems.append)]


@pytest.fixture(scope="session")
def answering() -> Iterator[Provider]:
    """A provider that answers."""
    with Provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation keeps, for all programs."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture
def host(tmp_path: Path, answering: Provider, caches: Path) -> Host:
    """A folder for one program."""
    return Host(tmp_path, answering, caches)
