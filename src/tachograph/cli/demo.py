"""`tacho demo`: a small agent against a provider stub, recorded, without a network."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tachograph.cli.errors import TachoError
from tachograph.cli.run_store import Directory, store
from tachograph.run.settings import ENV_RUN, ENV_RUN_DIR, load

if TYPE_CHECKING:
    from collections.abc import Generator

EXAMPLE = "tacho demo"

CLIENTS = ("anthropic", "openai")
"""The client libraries that the agent uses."""


def command(directory: Directory = None) -> int:
    """Record a small agent and show its report. It talks to a provider on this machine that comes with it.

    The agent mends a broken function with the client libraries of OpenAI and Anthropic, as far as they are installed:
    tools, a stream, a thread pool, a refused call that is tried again, an error that it handles.
    """
    from tachograph.journal import base_dir, run_dirs
    from tachograph.launcher import RunDirError, launch

    missing = [name for name in CLIENTS if importlib.util.find_spec(name) is None]
    if len(missing) == len(CLIENTS):
        raise TachoError("the agent needs a client library. Install one: pip install openai anthropic")
    settings = replace(load(), name="demo agent", level="info")
    base = base_dir(directory or settings.directory)
    settings = replace(settings, directory=str(base))
    before = set(run_dirs(base))
    with _provider() as url:
        # The demonstration is a run of its own, also where it is started inside of one.
        for name in (ENV_RUN, ENV_RUN_DIR):
            os.environ.pop(name, None)
        os.environ.update(
            OPENAI_API_KEY="demo",
            OPENAI_BASE_URL=f"{url}/v1",
            ANTHROPIC_API_KEY="demo",
            ANTHROPIC_BASE_URL=url,
        )
        try:
            code = launch([sys.executable, "-m", "tachograph.demo.agent", "--faults"], settings)
        except RunDirError as error:
            raise TachoError(str(error)) from error
    run_dir = next(found for found in run_dirs(base) if found not in before)
    from tachograph.cli.summary import summary
    from tachograph.cli.terminal import Screen

    with store(str(base)) as runs:
        report = runs.report(run_dir)
    print()
    for line in summary(report, run_dir.name, Screen()):
        print(line)
    path = run_dir / "report.json"
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    print(f"\n  The report lies in {path}, what it was made from beside it.")
    if missing:
        print(f"  Without {missing[0]}, which is not installed: pip install {missing[0]}")
    return code


@contextmanager
def _provider() -> Generator[str]:
    arguments = [sys.executable, "-m", "tachograph.demo"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - words of our own
        try:
            url = process.stdout.readline().strip() if process.stdout is not None else ""
            if not url:
                raise TachoError("the provider stub did not start; try: python -m tachograph.demo")
            yield url
        finally:
            process.terminate()
