"""The demonstration, recorded and reported for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TACHO = str(Path(sys.executable).with_name("tacho"))


@pytest.fixture
def tacho(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Calls the command line tool in an empty folder, away from any recording."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TACHOGRAPH_", "OTEL_"))}

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TACHO, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=100
        )

    return call


def test_it_shows_what_was_recorded(tacho: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    done = tacho("demo")

    assert (done.returncode, done.stderr) == (0, "")
    said = [line.strip() for line in done.stdout.splitlines()]
    assert said[0] == "The tests pass."
    assert said[2].startswith("calculator.py  completed in ")
    assert said[-1].startswith("Report: .tachograph/runs/")
    report: dict[str, Any] = json.loads(tacho("show", "--json").stdout)
    assert json.loads((tmp_path / said[-1].split(" ")[1]).read_text()) == report
    assert report["outcome"] == {"status": "completed", "reason": None, "exit_code": 0, "signal": None}
    calls = [tuple(call[key] for key in ("phase", "iteration", "request_model", "retries")) for call in report["calls"]]
    assert calls == [
        ("context_loading", None, "text-embedding-3-small", 0),
        *[("ai_execution", number, "claude-haiku-4-5", 0) for number in range(1, 5)],
        # Two at once, of which one is refused at first.
        *sorted(
            [("scope_checking", None, "claude-haiku-4-5", 1), ("scope_checking", None, "claude-haiku-4-5", 0)],
            key=lambda call: calls.index(call),
        ),
        ("scope_checking", None, "gpt-5.1-mini", 0),
        ("scope_checking", None, "gpt-5.1-mini", 1),
        (None, None, "gpt-5.1-mini", 0),
    ]
    assert report["tokens"]["provenance"] == {"reported": 9, "estimated": 0, "missing": 1}
    assert [(error["type"], error["handled"]) for error in report["errors"]] == [("openai.InternalServerError", True)]
    assert report["dropped"] == dict.fromkeys(report["dropped"], 0)
    assert {process["end"] for process in report["processes"]} == {"ended"}
    assert report["redactions"] == {"github-token": 1}


def test_within_a_recorded_run_it_is_one_of_its_own(tacho: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = tacho("run", "--", TACHO, "demo")

    assert (done.returncode, done.stderr) == (0, "")
    assert "The tests pass." in done.stdout
    listed: list[dict[str, Any]] = json.loads(tacho("list", "--json").stdout)
    assert sorted((run["name"], run["status"], run["calls"]) for run in listed) == [
        ("demo agent", "completed", 10),
        ("tacho", "completed", 0),
    ]
