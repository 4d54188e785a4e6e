"""Journals written by hand: every time and id is chosen, so that whole reports can be compared."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from tachograph.journal import journal_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUN = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
T0 = 1_795_000_000_000_000_000
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Journal:
    """The journal of one process. Times are seconds since the run's start."""

    def __init__(self, run_dir: Path, pid: int = 41, part: int = 0, run: str = RUN, at: float = 0) -> None:
        self.path = journal_path(run_dir, pid, T0 + round(at * 1e9), part)
        self.pid = pid
        self.run = run

    def raw(self, text: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(text)

    def line(self, kind: str, at: float, own: dict[str, Any], sealed: dict[str, Any]) -> None:
        ns = T0 + round(at * 1e9)
        seconds, rest = divmod(ns, 1_000_000_000)
        stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest // 1000:06d}Z"
        record = {"type": kind, "ts": stamp, "run": self.run, "pid": self.pid, **own, **sealed}
        self.raw(json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")

    def process(self, at: float = 0, *, ppid: int = 1, role: str | None = None, **own: Any) -> Journal:
        sealed: dict[str, Any] = {"python": "3.11.7", "executable": "/usr/bin/python", "resource": {}}
        sealed["command"] = ["python", f"p{self.pid}.py"]
        if role is not None:
            sealed["role"] = role
        start_ns = T0 + round(at * 1e9)
        self.line(
            "process", at, {"state": "start", "schema_version": 1, "ppid": ppid, "start_ns": start_ns, **own}, sealed
        )
        return self

    def process_end(self, at: float, known: dict[str, Any] | None = None, **dropped: int) -> None:
        own = {"state": "end", "end_ns": T0 + round(at * 1e9), "dropped": dropped}
        self.line("process", at, own, known or {})

    def child_end(self, pid: int, at: float, exit_code: int | None = None, signal: str | None = None) -> None:
        own = {"state": "child", "child_pid": pid, "end_ns": T0 + round(at * 1e9)}
        self.line("process", at, {**own, "exit_code": exit_code, "signal": signal}, {})

    def last_written(self, at: float) -> None:
        """What the file system says of the last record."""
        os.utime(self.path, ns=(T0 + round(at * 1e9), T0 + round(at * 1e9)))

    def run_start(self, at: float = 0, **facts: Any) -> Journal:
        own = {"state": "start", "schema_version": 1, "start_ns": T0 + round(at * 1e9)}
        self.line("run", at, own, {"facts": {"name": "agent.py", "command": ["python", "agent.py"], **facts}})
        return self

    def run_end(self, at: float, outcome: str = "completed", reason: str | None = None, **more: Any) -> None:
        sealed = {"outcome": outcome, "reason": reason, "exit_code": 0, "signal": None, **more}
        self.line("run", at, {"state": "end", "end_ns": T0 + round(at * 1e9)}, sealed)

    def _ids(self, span: str, parent: str | None, at: float) -> dict[str, Any]:
        return {
            "trace_id": TRACE,
            "span_id": span.rjust(16, "0"),
            "parent_id": None if parent is None else parent.rjust(16, "0"),
            "kind": "internal",
            "start_ns": T0 + round(at * 1e9),
        }

    def start(
        self, span: str, at: float, name: str = "work", parent: str | None = None, scope: str = "app", **attributes: Any
    ) -> None:
        sealed = {"name": name, "scope": scope, "thread": "MainThread"}
        given = {key.replace("__", "."): value for key, value in attributes.items()}
        self.line("span.start", at, self._ids(span, parent, at), {**sealed, **({"attributes": given} if given else {})})

    def end(
        self,
        span: str,
        at: float,
        until: float,
        name: str = "work",
        parent: str | None = None,
        scope: str = "app",
        attributes: dict[str, Any] | None = None,
        status: str = "unset",
        **more: Any,
    ) -> None:
        own = {**self._ids(span, parent, at), "duration_ns": round(until * 1e9) - round(at * 1e9), "status": status}
        redacted = more.pop("redacted", None)
        if redacted:
            own["redacted"] = redacted
        sealed: dict[str, Any] = {"name": name, "scope": scope, **more}
        if attributes:
            sealed["attributes"] = attributes
        self.line("span.end", until, own, sealed)

    def phase(self, span: str, at: float, until: float, name: str, parent: str | None = None) -> None:
        self.start(span, at, name, parent, "tachograph", **{"tachograph.phase.name": name})
        self.end(span, at, until, name, parent, "tachograph", {"tachograph.phase.name": name})

    def call(
        self,
        span: str,
        at: float,
        until: float,
        parent: str | None = None,
        scope: str = "tachograph.openai",
        *,
        model: str = "gpt-4o",
        tokens: tuple[int, int] | None = (1000, 100),
        begun: bool = True,
        status: str = "unset",
        **attributes: Any,
    ) -> None:
        """A model call; tokens are input with caches, and output."""
        first = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": model}
        counted: dict[str, Any] = {}
        if tokens is not None:
            counted = {"gen_ai.usage.input_tokens": tokens[0], "gen_ai.usage.output_tokens": tokens[1]}
        if begun:
            self.start(span, at, f"chat {model}", parent, scope, **first)
        self.end(span, at, until, f"chat {model}", parent, scope, {**first, **counted, **attributes}, status=status)


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """The folder of a run in a project."""
    folder = tmp_path / ".tachograph" / "runs" / "2026-11-18" / "1a2b3c4d"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def journal(run_dir: Path) -> Callable[..., Journal]:
    """Makes journals in the run's folder."""

    def make(pid: int = 41, part: int = 0, at: float = 0) -> Journal:
        return Journal(run_dir, pid, part, at=at)

    return make


@pytest.fixture
def alone(journal: Callable[..., Journal]) -> Journal:
    """The journal of the only process of a run, begun."""
    return journal().process().run_start()


@pytest.fixture
def t0() -> int:
    """The start of every run here, in ns since the epoch."""
    return T0


@pytest.fixture
def other_run(tmp_path: Path) -> Callable[[str, str], Journal]:
    """Makes a finished run of a day and an id in the same project."""

    def make(day: str, run: str) -> Journal:
        folder = tmp_path / ".tachograph" / "runs" / day / run.replace("-", "")[:8]
        folder.mkdir(parents=True)
        made = Journal(folder, 41, run=run)
        made.process().run_start()
        made.run_end(1)
        made.process_end(1)
        return made

    return make
