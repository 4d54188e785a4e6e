"""Runs recorded programs whose records are sent to a receiver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TACHO = str(Path(sys.executable).with_name("tacho"))


class Sending:
    """Calls `tacho` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("TACHOGRAPH_", "OTEL_", "TRACE"))}
        self.environ = {**kept, "XDG_DATA_HOME": str(folder / "data")}

    def tacho(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Call it."""
        return subprocess.run(
            [TACHO, *words],
            cwd=self.folder,
            env={**self.environ, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def record(self, program: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Record a program."""
        (self.folder / "program.py").write_text(program, "utf-8")
        return self.tacho("run", "--", sys.executable, "program.py", **env)

    def run_dir(self) -> Path:
        """The folder of the only run."""
        (found,) = (self.folder / ".tachograph" / "runs").glob("*/*")
        return found

    def ended(self) -> list[dict[str, Any]]:
        """The spans in the journals, in the order of their start."""
        lines = [line for path in self.run_dir().glob("journal-*") for line in path.read_bytes().splitlines()]
        records: list[dict[str, Any]] = [json.loads(line) for line in lines if line.startswith(b'{"type":"span.end"')]
        return sorted(records, key=lambda record: record["start_ns"])

    def sent(self) -> list[dict[str, Any]]:
        """What the report says was sent."""
        return json.loads(self.tacho("show", "--json").stdout)["sent"]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for what happens in another process."""
        limit = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < limit
            time.sleep(0.05)


@pytest.fixture
def sending(tmp_path: Path) -> Sending:
    """A folder in which programs are recorded."""
    return Sending(tmp_path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes what it gets."""
    with Receiver() as made:
        yield made


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """The base URL of a provider of models."""
    from tachograph.demo import Provider

    with Provider() as made:
        yield made.url
