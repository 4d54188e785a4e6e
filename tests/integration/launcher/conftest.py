"""Runs `tacho run` for real and reads back what was recorded."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from tachograph.journal import journal_files, read, run_dirs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

TACHO = str(Path(sys.executable).with_name("tacho"))


class Recorded:
    """One recorded run."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        problems: list[str] = []
        self.journals = [
            [dict[str, Any](record) for record in read(parts, problems.append)] for parts in journal_files(run_dir)
        ]
        assert problems == []

    def records(self, kind: str) -> list[dict[str, Any]]:
        """The records of one type, by process."""
        return [record for journal in self.journals for record in journal if record["type"] == kind]

    def end(self) -> dict[str, Any]:
        """How the run ended, as its opener said."""
        (end,) = [record for record in self.records("run") if record["state"] == "end"]
        return {key: end[key] for key in ("outcome", "reason", "exit_code", "signal")}

    def facts(self) -> dict[str, Any]:
        """What was known of the run at its start."""
        (start,) = [record for record in self.records("run") if record["state"] == "start"]
        return start["facts"]

    def children(self) -> list[list[dict[str, Any]]]:
        """The journals of the processes besides the launcher."""
        return [journal for journal in self.journals if journal[0].get("role") != "launcher"]

    def spans(self) -> list[str]:
        """The names of the spans that ended, sorted."""
        return sorted(record["name"] for record in self.records("span.end"))

    def parents(self) -> dict[str, str | None]:
        """Each span that ended, by its name, and the name of its parent; None where that is not of the program."""
        spans = self.records("span.end")
        names = {span["span_id"]: span["name"] for span in spans}
        assert len({span["name"] for span in spans}) == len(spans)
        return {span["name"]: names.get(span["parent_id"]) for span in spans}

    def errors(self) -> list[dict[str, Any]]:
        """The errors that escaped."""
        return [record["fields"] for record in self.records("event") if record["name"] == "error"]


class Started(subprocess.Popen[bytes]):
    """A process that a failed test does not wait for."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self.kill()
        super().__exit__(kind, error, traceback)


class Launcher:
    """Calls `tacho run` with an environment of its own."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.base = folder / "runs-here"
        self.environ = environ

    def words(self, *command: str | Path, options: Sequence[str] = ()) -> list[str]:
        """The command line."""
        return [TACHO, "run", "--dir", str(self.base), *options, "--", *map(str, command)]

    def run(
        self,
        *command: str | Path,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        **more: Any,
    ) -> subprocess.CompletedProcess[bytes]:
        """Record a command and wait for it."""
        how: dict[str, Any] = {"cwd": self.folder, **more}
        if stdin is None:
            how.setdefault("stdin", subprocess.DEVNULL)
        else:
            how["input"] = stdin
        run = cast("Callable[..., subprocess.CompletedProcess[bytes]]", subprocess.run)
        return run(
            self.words(*command, options=options),
            env={**self.environ, **(env or {})},
            capture_output=True,
            timeout=60,
            check=False,
            **how,
        )

    def start(self, *command: str | Path, **more: Any) -> Started:
        """Record a command and go on."""
        how: dict[str, Any] = {"cwd": self.folder, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return Started(self.words(*command), env=self.environ, **how)

    def program(self, text: str, name: str = "program.py") -> Path:
        """A Python program in a file."""
        path = self.folder / name
        path.write_text(text)
        return path

    def python(self, text: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Record a Python program."""
        return self.run(sys.executable, self.program(text), **more)

    def wait_until(self, condition: Callable[[], bool], limit_s: float = 30) -> None:
        """Wait for something that is on its way."""
        limit = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < limit
            time.sleep(0.02)

    def recorded(self) -> Recorded:
        """The only run there is."""
        (run_dir,) = run_dirs(self.base)
        return Recorded(run_dir)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without a trace of the tests' own, with folders for what an installation keeps."""
    folder = tmp_path_factory.mktemp("home")
    ours = ("TACHOGRAPH_", "OTEL_", "TRACE", "PYTHONPATH", "COV", "CI", "GITHUB_", "GITLAB_", "BUILD")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
    }


@pytest.fixture
def launcher(tmp_path: Path, home: dict[str, str]) -> Launcher:
    """`tacho run` in an empty folder."""
    return Launcher(tmp_path, home)
