"""`OTEL_PYTHON_DISABLED_INSTRUMENTATIONS` leaves instrumentors out, however recording comes up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Launcher

PROGRAM = """
import sys, threading
import tachograph
tachograph.start()
import openai, anthropic
def work():
    with tachograph.phase("in a thread"): pass
with tachograph.phase("outer"):
    for error, call in (
        (openai.APIConnectionError, lambda where: openai.OpenAI(**where).chat.completions.create(
            model="gpt", messages=[{"role": "user", "content": "hello"}])),
        (anthropic.APIConnectionError, lambda where: anthropic.Anthropic(**where).messages.create(
            model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])),
    ):
        try:
            call({"base_url": "http://127.0.0.1:9", "api_key": "none", "max_retries": 0})
        except error:
            pass
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""

# The attempts of the calls have spans of their own, as they fail, but where they are left out as well.
ALL = {"outer": None, "chat gpt": "outer", "chat claude": "outer", "in a thread": "outer"}


def _left(*names: str, threads: bool = True) -> dict[str, str | None]:
    left = {name: parent for name, parent in ALL.items() if name not in names}
    return left if threads else {**left, "in a thread": None}


@pytest.mark.parametrize(
    ("way", "disabled", "wanted"),
    [
        ("run", "openai,tachograph_anthropic,tachograph_http", _left("chat claude")),
        ("start", "tachograph_openai , tachograph_executors,tachograph_http", _left("chat gpt", threads=False)),
        ("start", "*", _left("chat gpt", "chat claude", threads=False)),
        ("opentelemetry-instrument", "httpx2,openai,anthropic,tachograph_openai,tachograph_http", _left("chat gpt")),
    ],
)
def test_disabled(launcher: Launcher, way: str, disabled: str, wanted: dict[str, str | None]) -> None:
    # Without the client's own spans, and in the last case without those of OpenTelemetry's own instrumentors.
    env = {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": disabled, "ANTHROPIC_OPEN_TELEMETRY": "false"}
    program = PROGRAM if way == "start" else PROGRAM.replace("tachograph.start()\n", "")
    if way == "opentelemetry-instrument":
        command = [Path(sys.executable).with_name(way), sys.executable, launcher.program(program)]
    else:
        command = [sys.executable, launcher.program(program)]
    done = launcher.run(*command, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert launcher.recorded().parents() == wanted
