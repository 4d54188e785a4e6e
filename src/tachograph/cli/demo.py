"""`tacho demo`: records a small agent that talks to a stand-in for the providers, without a network."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tachograph.cli.run_store import Directory, open_runs
from tachograph.errors import CommandError
from tachograph.run.settings import ENV_RUN, ENV_RUN_DIR
from tachograph.run.settings_loader import load

if TYPE_CHECKING:
    from collections.abc import Generator

EXAMPLE = "tacho demo"

CLIENTS = ("anthropic", "openai")
"""The client libraries that the agent uses."""


def command(directory: Directory = None) -> int:
    """Record a small demo agent and show its report.

    The agent repairs a broken function with the OpenAI and Anthropic client libraries, whichever are installed: it uses
    tools, a stream, a thread pool, a call that is retried after a 429, and an error that it handles. It talks to a
    stand-in for the providers on this machine: no network, no API key.
    """
    from tachograph.journal import base_dir, run_dirs
    from tachograph.launcher import launch

    missing = [name for name in CLIENTS if importlib.util.find_spec(name) is None]
    if len(missing) == len(CLIENTS):
        raise CommandError("the agent needs a client library. Install one: pip install openai anthropic")
    settings = replace(load(), name="demo agent", level="info")
    base = base_dir(directory or settings.directory)
    settings = replace(settings, directory=str(base))
    before = set(run_dirs(base))
    with _provider() as url:
        # The demo is a separate run, even if it is started inside of one.
        for name in (ENV_RUN, ENV_RUN_DIR):
            os.environ.pop(name, None)
        os.environ.update(
            OPENAI_API_KEY="demo",
            OPENAI_BASE_URL=f"{url}/v1",
            ANTHROPIC_API_KEY="demo",
            ANTHROPIC_BASE_URL=url,
        )
        code = launch([sys.executable, "-m", "tachograph.demo.agent", "--faults"], settings)
    run_dir = next(folder for folder in run_dirs(base) if folder not in before)
    from tachograph.cli.show_summary import summary
    from tachograph.cli.terminal import Screen

    with open_runs(str(base)) as runs:
        report = runs.report_in(run_dir)
    print()
    for line in summary(report, run_dir.name, Screen()):
        print(line)
    path = run_dir / "report.json"
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    print(f"\n  Report: {path} (the journals it was built from are in the same folder).")
    if missing:
        print(f"  {missing[0]} is not installed, so its calls are missing: pip install {missing[0]}")
    return code


@contextmanager
def _provider() -> Generator[str]:
    arguments = [sys.executable, "-m", "tachograph.demo"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - the words are fixed
        try:
            url = process.stdout.readline().strip() if process.stdout is not None else ""
            if not url:
                raise CommandError("the stand-in for the providers did not start. See why: python -m tachograph.demo")
            yield url
        finally:
            process.terminate()
