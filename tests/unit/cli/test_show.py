"""`tacho show`: one run on one screen."""

from __future__ import annotations

import json
from typing import Any

CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
}


def test_a_run_on_one_screen(tacho: Any, new_run: Any) -> None:
    run = new_run(ago=200)
    run.facts(task="fix_bug.py")
    run.span(1, 1, 60, "ai_execution", None, attributes={"tachograph.phase.name": "ai_execution"})
    run.span(2, 2, 13.2, "chat gpt-4o", 1, attributes={**CALL, "gen_ai.response.time_to_first_chunk": 1.4})
    run.span(3, 20, 25, "chat local-7b", 1, attributes={**CALL, "gen_ai.request.model": "local-7b"})
    error = {"exception.type": "ToolError", "exception.message": "pytest exited 1\x1b[31m"}
    events = [{"name": "exception", "time_ns": 1, "attributes": error}]
    run.span(4, 30, 31, "tool", 1, status="error", events=events, redacted={"email": 1})
    run.end(72, exit_code=0)
    said = tacho("show")
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("fix_bug.py  completed in 1m 12s  at least $0.0035  ")
    assert "run 1a2b3c4d, " in lines[0]
    version = json.loads((run.folder / "report.json").read_bytes())["cost"]["rates"][0]["source"]
    assert lines[1:] == [
        "",
        "  cost      $0.0035    1 of 2 calls priced; local-7b: no price is known (1",
        f"                       call); prices: {version}",
        "  tokens    2,200      in 2,000  out 200",
        "  calls     2          gpt-4o 1, local-7b 1",
        "  errors    1          ToolError: pytest exited 1 [31m (tool, handled)",
        "",
        "  phase             self                                          total  count",
        "  ai_execution     59.0s  ######################### 82%           59.0s      1",
        "  other            13.0s  ###### 18%",
        "",
        "  calls         time  first     in  out     cost",
        "  1  gpt-4o    11.2s   1.4s  1,000  100  $0.0035",
        "  2  local-7b   5.0s         1,000  100        -",
        "",
        "  redacted  1 value: email 1",
        "  next      tacho show 1a2b3c4d --json    tacho list",
    ]


def test_a_crash_shows_what_was_open(tacho: Any, new_run: Any) -> None:
    run = new_run()
    run.span(1, 1, None, "iteration 4", None, attributes={"tachograph.iteration.number": 4})
    run.span(2, 2, None, "ai_execution", 1, attributes={"tachograph.phase.name": "ai_execution"})
    run.span(3, 3, None, "chat gpt-4o", 2, attributes=CALL)
    run.span(4, 44.2, 44.2, "tick", None)
    lines = tacho("show", "1a").stdout.splitlines()
    assert lines[0].startswith("agent.py  crashed after 44.2s  ")
    assert "  reason    the process ended without recording its exit" in lines
    assert [line for line in lines if line.startswith("    ")] == [
        "    iteration 4    > 43.2s",
        "    ai_execution   > 42.2s   iteration 4",
        "    chat gpt-4o    > 41.2s   in ai_execution, iteration 4",
    ]


def test_nothing_is_said_of_what_there_is_not(tacho: Any, new_run: Any) -> None:
    new_run().end(3, "failed", "exit code 3", exit_code=3)
    lines = tacho("show").stdout.splitlines()
    assert lines[0].startswith("agent.py  failed (exit code 3) after 3.0s  ")
    assert lines[1:] == [
        "",
        "  reason    exit code 3",
        "  calls     0          none with a recorded client (openai, anthropic)",
        "",
        "  next      tacho show 1a2b3c4d --json    tacho list",
    ]


def test_retries_say_what_they_were_for(tacho: Any, new_run: Any) -> None:
    run = new_run()
    waited = {"tachograph.http.waited_ns": 600_000_000}
    refused = {"tachograph.http.attempts": 2, "tachograph.http.rate_limited": 1, "tachograph.http.overloaded": 0}
    both = {"tachograph.http.attempts": 3, "tachograph.http.rate_limited": 1, "tachograph.http.overloaded": 1}
    run.span(1, 1, 2, "chat gpt-4o", None, attributes=CALL | refused | waited)
    run.span(2, 2, 3, "chat gpt-4o", None, attributes=CALL | both | waited)
    run.span(3, 3, 4, "chat gpt-4o", None, attributes=CALL | {"tachograph.http.attempts": 1})
    run.end(5)
    assert "  retries   3          in 2 calls, 2 x 429, 1 x 529, waited 1.2s" in tacho("show").stdout.splitlines()


def test_json_is_the_report(tacho: Any, new_run: Any) -> None:
    run = new_run()
    run.end(3)
    said = tacho("show", "--json")
    assert json.loads(said.stdout) == json.loads((run.folder / "report.json").read_bytes())


def test_refresh_applies_the_rates_of_today(tacho: Any, new_run: Any, project: Any) -> None:
    run = new_run()
    run.span(1, 1, 2, "chat local-7b", None, attributes={**CALL, "gen_ai.request.model": "local-7b"})
    run.end(3)
    assert "  cost      unknown    " in tacho("show").stdout
    (project / "tachograph.toml").write_text(
        '[cost]\ncurrency = "CHF"\n[cost.rates."local-*"]\ninput = 1\noutput = 2\n'
    )
    assert "unknown" in tacho("show").stdout
    assert "0.0012 CHF" in tacho("show", "--refresh").stdout
    assert "0.0012 CHF" in tacho("show").stdout


def test_mistakes_say_what_to_do(tacho: Any, new_run: Any, project: Any) -> None:
    said = tacho("show")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"tacho: no runs in {project}/.tachograph yet. Record one: tacho run -- COMMAND\n"
    for run in ("1a2b3c4d", "1a99e0f1"):
        new_run(f"{run}-5e6f-4a7b-8c9d-0e1f2a3b4c5d").end(1)
    said = tacho("show", "1a")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith('tacho: "1a" is ambiguous, it matches 2 runs: 1a')
    assert said.stderr.endswith("Use more characters.\n")
    assert (
        tacho("show", "ff").stderr
        == f'tacho: no run in {project}/.tachograph starts with "ff". List them: tacho list\n'
    )


def test_the_folder_can_be_named(tacho: Any, new_run: Any, project: Any, tmp_path_factory: Any) -> None:
    new_run().end(1)
    away = tmp_path_factory.mktemp("away") / "records"
    (project / ".tachograph").rename(away)
    assert tacho("show").returncode == 1
    assert tacho("show", "--dir", str(away)).returncode == 0
    (project / "tachograph.toml").write_text(f'dir = "{away}"\n')
    assert tacho("show").returncode == 0
