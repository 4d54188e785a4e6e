"""`tacho list`: the runs, newest first."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tachograph.cli.time_argument import moment_ns
from tachograph.errors import UsageError

CALL = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.provider.name": "openai"}
TOKENS = {"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100}


@pytest.fixture
def runs(new_run: Any) -> None:
    """Three runs of three outcomes."""
    first = new_run("1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d", 100)
    first.facts(task="fix_bug.py")
    first.span(1, 1, 2, "chat", None, attributes={**CALL, **TOKENS})
    first.end(72)
    second = new_run("77c0de12-5e6f-4a7b-8c9d-0e1f2a3b4c5d", 200)
    second.span(1, 1, 2, "chat", None, attributes={**CALL, **TOKENS})
    second.span(2, 3, None, "chat", None, attributes=CALL)
    new_run("5e11aa90-5e6f-4a7b-8c9d-0e1f2a3b4c5d", 300).end(5, "blocked", "cost limit")


@pytest.mark.usefixtures("runs")
def test_a_list(tacho: Any) -> None:
    for _ in range(2):
        assert max(map(len, tacho("list").stdout.splitlines())) <= 80
        said = tacho("list", COLUMNS="100")
        assert (said.returncode, said.stderr) == (0, "")
        lines = said.stdout.splitlines()
        assert [line.split()[0] for line in lines] == ["run", "1a2b3c4d", "77c0de12", "5e11aa90"]
        assert lines[0].split() == ["run", "when", "task", "status", "time", "calls", "tokens", "cost"]
        assert lines[1].split()[2:] == ["fix_bug.py", "completed", "1m", "12s", "1", "1,100", "$0.0035"]
        assert lines[2].split()[2:] == ["agent.py", "crashed", "3.0s", "1", "1,100+", "$0.0035+"]
        assert lines[3].split()[2:] == ["agent.py", "blocked", "5.0s", "0", "cost", "limit"]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--limit", "1"], ["1a2b3c4d"]),
        (["--status", "crashed"], ["77c0de12"]),
        (["--task", "fix*"], ["1a2b3c4d"]),
        (["--model", "gpt-4o"], ["1a2b3c4d", "77c0de12"]),
        (["--since", "150s"], ["1a2b3c4d"]),
        (["--until", "250s"], ["5e11aa90"]),
        (["--since", "1h", "--limit", "0"], ["1a2b3c4d", "77c0de12", "5e11aa90"]),
    ],
)
def test_filters(tacho: Any, options: list[str], found: list[str]) -> None:
    assert [run["run"] for run in json.loads(tacho("list", "--json", *options).stdout)] == found


def test_an_empty_list(tacho: Any, new_run: Any, project: Any) -> None:
    assert tacho("list").stdout == f"No runs in {project}/.tachograph yet. Record one: tacho run -- COMMAND\n"
    assert tacho("list", "--json").stdout == "[]\n"
    new_run().end(1)
    assert tacho("list", "--task", "nothing").stdout == "No run matches. List all runs: tacho list\n"


@pytest.mark.usefixtures("runs")
def test_colour_is_for_terminals(tacho: Any) -> None:
    def on_a_terminal(**environ: str) -> bytes:
        controller, terminal = pty.openpty()
        env = {**os.environ, "TERM": "xterm", **environ}
        with subprocess.Popen(["tacho", "list"], cwd=tacho.project, env=env, stdout=terminal) as process:
            os.close(terminal)
            said = b""
            while True:
                try:
                    more = os.read(controller, 65536)
                except OSError:
                    break
                if not more:
                    break
                said += more
        os.close(controller)
        assert process.returncode == 0
        return said

    path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    assert b"\033[32mcompleted\033[0m" in on_a_terminal(**path)
    assert b"\033" not in on_a_terminal(NO_COLOR="1", **path)
    assert "\033" not in tacho("list").stdout


NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", datetime(2026, 11, 20, 12, 3, tzinfo=UTC)),
        ("3d", datetime(2026, 11, 17, 14, 3, tzinfo=UTC)),
        ("today", datetime(2026, 11, 20, tzinfo=UTC)),
        ("Yesterday", datetime(2026, 11, 19, tzinfo=UTC)),
        ("2026-11-20T10:00:00+02:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20 08:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment_ns(text, "--since", NOW) == int(expected.timestamp()) * 1_000_000_000


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "99999999999d", "-1h"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        moment_ns(text, "--since", NOW)
