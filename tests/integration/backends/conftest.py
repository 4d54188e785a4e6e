"""Records programs that send over OTLP, and what takes it: the real Collector, Jaeger and Tempo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.backends import running
from tests.backends.build import BACKENDS, NoGoError, binary

from tachograph.journal import run_dirs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.backends.running import Receiver

TACHO = str(Path(sys.executable).with_name("tacho"))


class Recorder:
    """Calls `tacho` in an empty folder, with a service's name and whatever else is named."""

    service = "shop of the tests"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "recorded"
        ours = ("TACHOGRAPH_", "OTEL_", "TRACE", "COV")
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}

    def configure(self, text: str) -> None:
        """Write the configuration file."""
        (self.folder / "tachograph.toml").write_text(f'dir = "{self.base}"\n{text}', "utf-8")

    def tacho(self, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Call it."""
        return subprocess.run(
            [TACHO, *words],
            cwd=self.folder,
            env={**self._environ, "OTEL_SERVICE_NAME": self.service, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def program(self, text: str, env: Mapping[str, str], said: str = "") -> Path:
        """Record a Python program; the folder of its run."""
        path = self.folder / "program.py"
        path.write_text(text, "utf-8")
        done = self.tacho("run", "--", sys.executable, str(path), env=env)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", said)
        return self.run_dir()

    def demo(self, env: Mapping[str, str]) -> Path:
        """Record the demonstration; the folder of its run."""
        done = self.tacho("demo", env=env)
        assert (done.returncode, done.stderr) == (0, "")
        return self.run_dir()

    def run_dir(self) -> Path:
        """The only run there is."""
        (found,) = run_dirs(self.base)
        return found


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """`tacho` in an empty folder; the end of a run waits long enough for a machine that is busy."""
    made = Recorder(tmp_path)
    made.configure("[otlp]\ngrace_s = 60\n")
    return made


@pytest.fixture(scope="session")
def built() -> None:
    """All backends are built, or the test is skipped for want of Go."""
    for backend in BACKENDS:
        try:
            binary(backend)
        except NoGoError as error:
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def jaeger(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A running Jaeger."""
    with running.jaeger(tmp_path_factory.mktemp("jaeger")) as started:
        yield started


@pytest.fixture(scope="session")
def tempo(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A running Tempo."""
    with running.tempo(tmp_path_factory.mktemp("tempo")) as started:
        yield started


@pytest.fixture(scope="session")
def collectors(
    jaeger: Receiver, tempo: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Receiver, Receiver]]:
    """A running agent Collector and the gateway it sends to."""
    with running.collectors(tmp_path_factory.mktemp("collectors"), jaeger, tempo) as started:
        yield started


@pytest.fixture
def receiver(request: pytest.FixtureRequest) -> Receiver:
    """What a test names: `jaeger`, `tempo`, `agent` or `gateway`."""
    name: str = request.param
    if name in ("agent", "gateway"):
        agent, gateway = request.getfixturevalue("collectors")
        return agent if name == "agent" else gateway
    return request.getfixturevalue(name)
