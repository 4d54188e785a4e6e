"""Runs workers and says what they took."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_COLLECTED = re.compile(r"Collected : (\d+)")
_TIMEOUT_S = 900


@dataclass(frozen=True, slots=True)
class Bench:
    """What the workers of one run share.

    Parameters
    ----------
    provider
        Address of the provider stub.
    sink
        Address of the OTLP sink.
    folder
        Where recordings go.
    endpoint
        Where recordings are sent on to over OTLP; empty for nowhere.
    """

    provider: str
    sink: str
    folder: str
    endpoint: str = ""

    def sending(self, endpoint: str) -> Bench:
        """The same with recordings sent on to an endpoint."""
        return replace(self, endpoint=endpoint)

    def run(self, module: str, *words: str) -> dict[str, float]:
        """What a module that measures prints in its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=_TIMEOUT_S,
            env=self._environment(),
        )
        return json.loads(done.stdout.splitlines()[-1])

    def worker(self, work: str, contender: str, count: int, *extra: str) -> dict[str, float]:
        """What some calls took: ``cpu_s``, ``wall_s`` and their ``count``, and ``exit_s`` from the last to the end of
        the process. The extra words go to the worker.
        """
        taken = self.run(*self._words(work, contender, count), *extra)
        return {**taken, "count": count, "exit_s": time.time() - taken.pop("ended")}

    def cpu_us(
        self, work: str, contenders: Sequence[str], count: int, rounds: int, *extra: str
    ) -> dict[str, list[float]]:
        """Microseconds of CPU time per call in each of alternating rounds, by contender."""
        taken: dict[str, list[float]] = {contender: [] for contender in contenders}
        for _ in range(rounds):
            for contender in contenders:
                taken[contender].append(self.worker(work, contender, count, *extra)["cpu_s"] / count * 1e6)
        return taken

    def instructions(
        self, work: str, contenders: Sequence[str], *extra: str, runs: tuple[int, int] = (20, 60)
    ) -> dict[str, float]:
        """Instructions per call by contender: a long run less a short one, so that what is no call cancels."""
        shorter, longer = runs
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            counted = {
                contender: [pool.submit(self._collected, work, contender, count, *extra) for count in runs]
                for contender in contenders
            }
            return {
                contender: (long.result() - short.result()) / (longer - shorter)
                for contender, (short, long) in counted.items()
            }

    def _collected(self, work: str, contender: str, count: int, *extra: str) -> int:
        done = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                "--instr-atstart=no",
                f"--callgrind-out-file={os.devnull}",
                sys.executable,
                "-m",
                *self._words(work, contender, count),
                *extra,
                "--callgrind",
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=_TIMEOUT_S,
            env=self._environment(),
        )
        found = _COLLECTED.search(done.stderr)
        if found is None:
            raise RuntimeError(f"valgrind said no count: {done.stderr[-300:]}")
        return int(found[1])

    def _words(self, work: str, contender: str, count: int) -> list[str]:
        addresses = ["--provider", self.provider, "--sink", self.sink, "--folder", self.folder]
        return ["benchmarks.worker", work, contender, str(count), *addresses]

    def _environment(self) -> dict[str, str]:
        # The hash seed decides how dicts collide, and with that the count.
        to = {"OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint} if self.endpoint else {}
        return {**os.environ, "PYTHONHASHSEED": "0", **to}


def has_valgrind() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None


@contextmanager
def server(module: str, *words: str) -> Generator[str]:
    """A server in a process of its own, and its address, which it prints first."""
    with subprocess.Popen([sys.executable, "-m", module, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    sys.stderr.write(f"bench: {text}\n")


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]
