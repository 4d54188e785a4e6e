"""Putting the instrumentation in and taking it out, whatever else is in place."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import wrapt
from anthropic._base_client import SyncAPIClient
from opentelemetry.instrumentation.utils import suppress_instrumentation

import tachograph_anthropic
from tachograph.run import Settings
from tachograph.runtime import install
from tachograph_anthropic.entry import AnthropicInstrumentor

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from anthropic import Anthropic
    from tests.conftest import Recording
    from tests.integration.anthropic.conftest import Provider, Script

ASK: Any = {"model": "claude-test-1", "max_tokens": 64, "messages": [{"role": "user", "content": "2+2?"}]}


def ours(recording: Recording) -> int:
    """How many of the spans that ended are ours."""
    return len([span for span in recording.spans() if span.get("scope") == "tachograph.anthropic"])


def test_taking_it_out_restores_the_client(recording: Recording) -> None:
    before = SyncAPIClient.__dict__["request"]

    tachograph_anthropic.instrument()
    tachograph_anthropic.instrument()
    assert SyncAPIClient.__dict__["request"] is not before
    tachograph_anthropic.uninstrument()
    assert SyncAPIClient.__dict__["request"] is before
    tachograph_anthropic.uninstrument()


def test_taking_it_out_from_under_another_tool(
    recording: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(*(script.answer(script.message()) for _ in range(3)))
    before = SyncAPIClient.__dict__["request"]
    calls: list[int] = []

    def watch(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        calls.append(1)
        return wrapped(*args, **kwargs)

    tachograph_anthropic.instrument()
    wrapt.wrap_function_wrapper("anthropic._base_client", "SyncAPIClient.request", watch)
    try:
        client.messages.create(**ASK)
        tachograph_anthropic.uninstrument()
        client.messages.create(**ASK)
        assert (len(calls), ours(recording)) == (2, 1)
        tachograph_anthropic.instrument()
        client.messages.create(**ASK)
        assert (len(calls), ours(recording)) == (3, 2)
    finally:
        tachograph_anthropic.uninstrument()
        SyncAPIClient.request = before


def test_suppression(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.answer(script.message()))

    with suppress_instrumentation():
        client.messages.create(**ASK)

    assert ours(recorded) == 0


def test_nothing_records(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.answer(script.message()))
    install(None)

    client.messages.create(**ASK)

    assert ours(recorded) == 0


def test_content_is_off(
    record_with: Callable[[Settings], Recording], provider: Provider, client: Anthropic, script: Script
) -> None:
    recording = record_with(Settings(content=False))
    provider.answers(script.answer(script.message()), script.stream("Four."))
    tachograph_anthropic.instrument()

    client.messages.create(system="Secret.", **ASK)
    for _ in client.messages.create(stream=True, **ASK):
        pass
    tachograph_anthropic.uninstrument()

    assert recording.records("content") == []
    assert [script.content(recording, dict(span)) for span in recording.spans()] == [{}, {}]
    assert [span.get("attributes", {})["gen_ai.usage.output_tokens"] for span in recording.spans()] == [3, 9]


def test_the_instrumentor_of_the_entry_point(
    recording: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="opentelemetry_instrumentor", name="tachograph_anthropic")
    instrumentor = entry.load()()
    provider.answers(script.answer(script.message()), script.answer(script.message()))

    instrumentor.instrument(skip_dep_check=True)
    client.messages.create(**ASK)
    instrumentor.uninstrument()
    client.messages.create(**ASK)

    assert ours(recording) == 1
    assert list(instrumentor.instrumentation_dependencies()) == ["anthropic >= 0.16, < 3"]


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_before_the_client_is_imported() -> None:
    assert (
        run(
            """
            import sys
            import tachograph_anthropic
            tachograph_anthropic.instrument()
            early = [name for name in sys.modules if name.startswith(("anthropic", "wrapt", "opentelemetry"))]
            from anthropic._base_client import AsyncAPIClient, SyncAPIClient
            patched = ["request" in repr(c.__dict__["request"]) and hasattr(c.__dict__["request"], "__wrapped__")
                       for c in (SyncAPIClient, AsyncAPIClient)]
            tachograph_anthropic.uninstrument()
            left = [hasattr(c.__dict__["request"], "__wrapped__") for c in (SyncAPIClient, AsyncAPIClient)]
            print(early, patched, left)
            """
        )
        == "[] [True, True] [False, False]"
    )


def test_without_the_client() -> None:
    assert (
        run(
            """
            import sys
            sys.modules["anthropic"] = None
            import tachograph_anthropic
            tachograph_anthropic.instrument()
            try:
                import anthropic
            except ImportError as error:
                print(type(error).__name__)
            tachograph_anthropic.uninstrument()
            """
        )
        == "ModuleNotFoundError"
    )


def test_a_release_that_was_not_tested_is_named(
    recording: Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("anthropic.__version__", "9.0.0")

    tachograph_anthropic.instrument()
    tachograph_anthropic.uninstrument()

    assert [record.getMessage() for record in caplog.records if record.name == "tachograph"] == [
        (
            "tachograph: anthropic 9.0.0 is outside the tested range (>=0.16,<3); "
            "its calls are recorded as far as they can be"
        )
    ]


def test_the_package_has_one_door() -> None:
    assert sorted(tachograph_anthropic.__all__) == ["instrument", "uninstrument"]
    assert [name for name in tachograph_anthropic.__all__ if not hasattr(tachograph_anthropic, name)] == []


def test_the_entry_point_names_the_tested_releases() -> None:
    assert AnthropicInstrumentor().instrumentation_dependencies() == ("anthropic >= 0.16, < 3",)
