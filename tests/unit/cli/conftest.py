"""A project with journals written by hand, and the command run in it as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.journal import journal_path

if TYPE_CHECKING:
    from collections.abc import Callable

TRACE = "0af7651916cd43dd8448eb211c80319c"


class Run:
    """One run of one process, begun so many seconds ago; times are seconds since then."""

    def __init__(self, base: Path, run: str, ago: float) -> None:
        self.start_ns = time.time_ns() - int(ago * 1e9)
        day = time.strftime("%Y-%m-%d", time.gmtime(self.start_ns // 1_000_000_000))
        self.folder = base / "runs" / day / run.replace("-", "")[:8]
        self.folder.mkdir(parents=True)
        self.run = run
        self.path = journal_path(self.folder, 41, self.start_ns)
        first = {"state": "start", "schema_version": 1, "start_ns": self.start_ns}
        self.line("process", 0, **first, ppid=1, python="3.11", command=["python", "agent.py"])
        self.line("run", 0, **first, facts={"name": "agent.py", "command": ["python", "agent.py"]})

    def line(self, record_type: str, at: float, /, **members: Any) -> None:
        ns = self.start_ns + round(at * 1e9)
        seconds, rest = divmod(ns, 1_000_000_000)
        stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest // 1000:06d}Z"
        record = {"type": record_type, "ts": stamp, "run": self.run, "pid": 41, **members}
        with self.path.open("ab") as file:
            file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")

    def facts(self, **facts: Any) -> None:
        self.line("run", 0, state="facts", facts=facts)

    def span(self, number: int, at: float, until: float | None, name: str, parent: int | None, **more: Any) -> None:
        """A span; one that never ends where `until` is None."""
        own: dict[str, Any] = {
            "trace_id": TRACE,
            "span_id": f"{number:016x}",
            "parent_id": None if parent is None else f"{parent:016x}",
            "kind": "internal",
            "start_ns": self.start_ns + round(at * 1e9),
        }
        rest = {"name": name, "scope": "tachograph", **more}
        self.line("span.start", at, **own, thread="MainThread", **rest)
        if until is not None:
            own["duration_ns"] = round(until * 1e9) - round(at * 1e9)
            self.line("span.end", until, **own, **{"status": "unset", **rest})

    def end(self, at: float, outcome: str = "completed", reason: str | None = None, **more: Any) -> None:
        end_ns = self.start_ns + round(at * 1e9)
        self.line("run", at, state="end", end_ns=end_ns, outcome=outcome, reason=reason, **more)
        self.line("process", at, state="end", end_ns=end_ns, dropped={})
        self.sort()

    def sort(self) -> None:
        """Put the records in the order in which a process would have written them."""
        lines = self.path.read_text().splitlines(keepends=True)
        stamps = [json.loads(line)["ts"] for line in lines]
        order = sorted(range(len(lines)), key=stamps.__getitem__)
        self.path.write_text("".join(lines[index] for index in order))


class Tacho:
    """Runs `tacho` in a project."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.path = str(Path(sys.executable).parent / "tacho")

    def __call__(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return self._run([self.path, *arguments], environ)

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Runs a line of shell in the project."""
        return self._run(["sh", "-c", line], {})

    def _run(self, words: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("TACHOGRAPH_", "OTEL_"))}
        return subprocess.run(
            words,
            cwd=self.project,
            env={**kept, "COLUMNS": "80", "TZ": "UTC", **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a project."""
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def tacho(project: Path) -> Tacho:
    """The command, run in the project."""
    return Tacho(project)


@pytest.fixture
def new_run(project: Path) -> Callable[..., Run]:
    """Makes runs in the project."""

    def make(run: str = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d", ago: float = 100) -> Run:
        return Run(project / ".tachograph", run, ago)

    return make
