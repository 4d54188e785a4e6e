"""How much is recorded: levels, content, and OpenTelemetry's own switch."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.integration.launcher.conftest import Launcher

PROGRAM = """
import anthropic, tachograph
from opentelemetry import trace
with trace.get_tracer("mine").start_as_current_span("fine"):
    pass
tachograph.event("decision", choice=3)
client = anthropic.Anthropic(base_url="http://127.0.0.1:9", api_key="none", max_retries=0)
try:
    client.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "what was said"}])
except anthropic.APIConnectionError:
    print("as it would")
"""


@pytest.mark.parametrize(
    ("options", "spans", "content", "events"),
    [
        ([], ["POST", "chat m", "fine"], [[{"type": "text", "content": "what was said"}]], ["decision"]),
        (["--no-content"], ["POST", "chat m", "fine"], [], ["decision"]),
        (["--level", "error"], ["POST", "chat m"], [], []),
    ],
    ids=["all", "without content", "errors only"],
)
def test_what_is_kept(
    launcher: Launcher, options: Sequence[str], spans: list[str], content: list[object], events: list[str]
) -> None:
    done = launcher.run(sys.executable, launcher.program(PROGRAM), options=options)

    assert (done.returncode, done.stdout) == (0, b"as it would\n")
    recorded = launcher.recorded()
    assert recorded.spans() == spans
    assert [record["parts"] for record in recorded.records("content")] == content
    assert [record["name"] for record in recorded.records("event")] == events
    assert all("what was said" not in path.read_text() for path in recorded.run_dir.iterdir()) == (content == [])


def test_opentelemetrys_own_switch_turns_spans_off(launcher: Launcher) -> None:
    done = launcher.run(sys.executable, launcher.program(PROGRAM), env={"OTEL_SDK_DISABLED": "true"})

    assert (done.returncode, done.stdout, done.stderr) == (0, b"as it would\n", b"")
    assert launcher.recorded().spans() == []
