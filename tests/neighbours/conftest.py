"""Runs a program that another tool instruments, alone and recorded, in an environment of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.neighbours.receiver import Receiver

from tachograph.demo.provider import Provider
from tachograph.journal import journal_files, read, run_dirs
from tachograph.report import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tachograph.report import RunReport

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("program.py")
TACHO = str(Path(sys.executable).with_name("tacho"))

# What does not say how it fits together with the rest is apart; all others share one.
ENVIRONMENTS: dict[str, list[str]] = {
    "shared": [
        "anthropic==2.12.0",
        "langchain-openai==1.7.3",
        "langfuse==5.0.4",
        "logfire==5.2.0",
        "openai==3.54.0",
        "openai-agents==0.24.0",
        "openinference-instrumentation-anthropic==3.1.0",
        "openinference-instrumentation-langchain==0.1.80",
        "openinference-instrumentation-openai-agents==2.6.0",
        "openinference-instrumentation-openai==0.1.66",
        "opentelemetry-instrumentation-anthropic==0.62.4",
        "opentelemetry-instrumentation-genai-anthropic==1.3b0",
        "opentelemetry-instrumentation-genai-openai==1.3b0",
        "opentelemetry-instrumentation-openai==0.62.4",
        "pydantic-ai-slim[anthropic,openai]==2.68.0",
        "sentry-sdk==2.75.0",
        "--editable",
        str(ROOT),
    ],
    # The SDK of Traceloop holds OpenTelemetry back, the older instrumentation of OpenAI's client what it is made of.
    # Neither names the HTTP client it imports.
    "older": [
        "httpx==0.28.1",
        "openai==3.54.0",
        "opentelemetry-instrumentation-openai-v2==2.4b0",
        "opentelemetry-util-genai==0.4b0",
        "traceloop-sdk==0.62.4",
    ],
}


class Ran(NamedTuple):
    """How a program ended and what its tool sent."""

    code: int
    stdout: str
    stderr: str
    receiver: Receiver
    taken_s: float


class Neighbour:
    """A tool's program and where it sends to."""

    def __init__(self, folder: Path, environment: str) -> None:
        self._folder = folder
        self.python = _environment(environment)
        self.provider = Provider()

    def run(self, tool: str, *, recorded: bool, through: str | None = None, **env: str) -> Ran:
        """Run the program with a tool.

        Parameters
        ----------
        tool
            The name of a function of the program.
        recorded
            Whether it runs under `tacho run`.
        through
            A command of the environment that the program is started by.
        **env
            Environment variables; `{receiver}` in them is the receiver's URL.
        """
        ours = ("TACHOGRAPH_", "OTEL_", "TRACE", "PYTHON", "COV", "LANGFUSE_", "LANGSMITH_", "SENTRY_", "OPENAI_")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.provider.caches = type(self.provider.caches)()
        self.provider.requests.clear()
        with Receiver() as receiver:
            command = [str(self.python), str(PROGRAM), tool, self.provider.url, receiver.url]
            if through is not None:
                command.insert(0, str(self.python.with_name(through)))
            if recorded:
                command = [TACHO, "run", "--dir", str(self._folder / "recorded"), "--", *command]
            began = time.monotonic()
            done = subprocess.run(
                command,
                cwd=self._folder,
                env={**environ, **{name: value.format(receiver=receiver.url) for name, value in env.items()}},
                capture_output=True,
                text=True,
                check=False,
                timeout=150,
            )
            return Ran(done.returncode, done.stdout, done.stderr, receiver, time.monotonic() - began)

    def report(self) -> RunReport:
        """The report of the only run."""
        (run_dir,) = run_dirs(self._folder / "recorded")
        return fold(run_dir)

    def records(self, kind: str) -> list[Mapping[str, Any]]:
        """The records of one type of the only run."""
        (run_dir,) = run_dirs(self._folder / "recorded")
        problems: list[str] = []
        found = [record for parts in journal_files(run_dir) for record in read(parts, problems.append)]
        assert problems == []
        return [record for record in found if record.get("type") == kind]

    def without(self, scope: str) -> RunReport:
        """The report of the run as if nobody had recorded under a scope."""
        (run_dir,) = run_dirs(self._folder / "recorded")
        for parts in journal_files(run_dir):
            for part in parts:
                path = Path(part.path)
                lines = path.read_text().splitlines(keepends=True)
                path.write_text("".join(line for line in lines if f'"scope":"{scope}' not in line))
        return fold(run_dir)


@pytest.fixture
def neighbour(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Neighbour]:
    """A tool in its environment; the parameter is the environment's name."""
    made = Neighbour(tmp_path, getattr(request, "param", "shared"))
    yield made
    made.provider.close()


def _environment(name: str) -> Path:
    """The Python of an environment, which is kept under ``.cache/neighbours``; its mark says what was asked for."""
    # `./dev` says where it keeps its own.
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv to build environments")
    home = ROOT / ".cache" / "neighbours" / name
    home.parent.mkdir(parents=True, exist_ok=True)
    python, mark, wanted = home / "bin" / "python", home / "complete", "\n".join(ENVIRONMENTS[name])
    # The tests run side by side.
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != wanted:
            base = getattr(sys, "_base_executable", sys.executable)
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", base, str(home)], check=True, timeout=120)
            install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
            subprocess.run([*install, *ENVIRONMENTS[name]], check=True, timeout=480)
            mark.write_text(wanted)
    return python
