"""Runs the programs that other people's code lives in, recorded in each of the two ways."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.launcher.conftest import Launcher, Recorded, Started, home, launcher

from tachograph.report import fold

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterable

__all__ = ["home", "launcher"]

BIN = Path(sys.executable).parent


class Host:
    """One program that runs others' code.

    Parameters
    ----------
    launcher
        Where it runs.
    way
        What records it.
    """

    def __init__(self, launcher: Launcher, way: str) -> None:
        self.launcher = launcher
        self.folder = launcher.folder
        self.way = way
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def start(self, name: str, *arguments: str) -> Started:
        """Start one of the programs of this environment."""
        command = [str(BIN / name), *arguments]
        words = self.launcher.words(*command)
        if self.way == "opentelemetry-instrument":
            words = [str(BIN / self.way), *command]
        env = {
            **self.launcher.environ,
            "TACHOGRAPH_DIR": str(self.launcher.base),
            "PYTHONPATH": str(self.folder),
            # Those of OpenTelemetry import their clients, which takes seconds and is nothing of ours.
            "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "openai,anthropic",
            # Their home is the test's, whatever they keep there.
            "HOME": str(self.folder),
        }
        # A server writes more than a pipe holds while nobody reads it.
        with (self.folder / "output").open("wb") as output:
            return Started(words, cwd=self.folder, env=env, stdout=output, stderr=subprocess.STDOUT)

    def get(self, path: str) -> dict[str, int]:
        """What a server answers, the id of its process, once it does, and to which path.

        A request that it took and never answered, for it was being replaced, is in its journal as well: each try has a
        path of its own.
        """
        answers: dict[str, int] = {}
        tries = count()

        def answered() -> bool:
            path_of_try = f"{path}.{next(tries)}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path_of_try}", timeout=30) as answer:
                    answers[path_of_try] = int(answer.read())
            except (OSError, HTTPException):
                return False
            return True

        self.launcher.wait_until(answered, limit_s=60)
        return answers

    def get_from_another(self, path: str, others: Iterable[int], edited: Path | None = None) -> dict[str, int]:
        """What a server answered to which path until its process was none of those; with a file that is edited for it.

        It is edited again after a while: a server that reloads may have looked at it for the first time after an edit.
        """
        answers: dict[str, int] = {}
        again_s = 0.0

        def replaced() -> bool:
            nonlocal again_s
            if edited is not None and time.monotonic() > again_s:
                edited.write_text(f"{edited.read_text()}# edited\n")
                again_s = time.monotonic() + 8
            answer = self.get(f"{path}{len(answers)}")
            answers.update(answer)
            return not set(others).issuperset(answer.values())

        self.launcher.wait_until(replaced, limit_s=60)
        return answers

    def stop(self, process: Started, number: signal.Signals) -> tuple[int, bool]:
        """End the program; its exit code, and whether all it printed was its own."""
        process.send_signal(number)
        code = process.wait(60)
        printed = (self.folder / "output").read_bytes()
        return code, b"tachograph" not in printed and b"Traceback" not in printed

    def recorded(self) -> Recorded:
        """The only run there is."""
        return self.launcher.recorded()

    def ends(self) -> dict[int, tuple[str, str | None]]:
        """How each process of the run ended, by its process id, with the signal that ended it."""
        report = fold(self.recorded().run_dir)
        ends = {process.pid: (process.end, process.signal) for process in report.processes}
        assert report.dropped.missing_ends == sum(end in {"killed", "lost"} for end, _ in ends.values())
        return ends


@pytest.fixture(params=["tacho run", "opentelemetry-instrument"])
def host(launcher: Launcher, request: pytest.FixtureRequest) -> Host:
    """Programs in an empty folder, recorded in one way."""
    return Host(launcher, request.param)
