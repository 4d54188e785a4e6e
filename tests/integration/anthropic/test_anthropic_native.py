"""The client's own spans: off for what is recorded here, and back afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from anthropic import Anthropic
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import tachograph_anthropic
from tachograph.runtime import install

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from tests.conftest import Recording
    from tests.integration.anthropic.conftest import Provider, Script

ASK: Any = {"model": "claude-test-1", "max_tokens": 64, "messages": [{"role": "user", "content": "2+2?"}]}
NATIVE = "com.anthropic.sdk.python"
OURS = "tachograph.anthropic"


def scopes(recorded: Recording) -> list[str | None]:
    """The scopes of the spans that ended, in order."""
    return [span.get("scope") for span in recorded.spans()]


def test_native_spans_are_off_while_ours_are_on(
    recording: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(*(script.answer(script.message()) for _ in range(3)))

    client.messages.create(**ASK)
    tachograph_anthropic.instrument()
    client.messages.create(**ASK)
    tachograph_anthropic.uninstrument()
    client.messages.create(**ASK)

    assert scopes(recording) == [NATIVE, OURS, NATIVE]


async def test_native_spans_of_streams_and_asynchronous_calls(
    recorded: Recording, provider: Provider, client: Anthropic, aclient: AsyncAnthropic, script: Script
) -> None:
    provider.answers(script.stream("Four."), script.stream("Four."), script.answer(script.message()))

    for _ in client.messages.create(stream=True, **ASK):
        pass
    async with aclient.messages.stream(**ASK) as stream:
        await stream.until_done()
    await aclient.messages.create(**ASK)

    assert scopes(recorded) == [OURS, OURS, OURS]


def test_native_spans_go_on_where_nothing_is_recorded(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()))
    install(None)

    client.messages.create(**ASK)

    assert scopes(recorded) == [NATIVE]


def test_a_client_with_a_provider_of_its_own(recorded: Recording, provider: Provider, script: Script) -> None:
    exporter = InMemorySpanExporter()
    theirs = TracerProvider(shutdown_on_exit=False)
    theirs.add_span_processor(SimpleSpanProcessor(exporter))
    provider.answers(script.answer(script.message()), script.answer(script.message()))

    with Anthropic(
        base_url=provider.url, api_key="x", max_retries=0, open_telemetry={"tracer_provider": theirs}
    ) as client:
        client.messages.create(**ASK)
        tachograph_anthropic.uninstrument()
        client.messages.create(**ASK)

    # It gets what it got before, and none of it is a child of a span it does not get.
    spans = exporter.get_finished_spans()
    assert [(span.name, span.parent) for span in spans] == [("anthropic.messages.create", None)] * 2
    assert scopes(recorded) == [OURS]


def test_what_middleware_and_the_server_see(recorded: Recording, provider: Provider, script: Script) -> None:
    seen: list[Any] = []

    def watch(request: Any, call_next: Any) -> Any:
        seen.append((request.options.url, request.options.json_data["model"], request.retries_taken))
        return call_next(request)

    provider.answers(script.answer({"type": "error", "error": {}}, status=500), script.answer(script.message()))
    with Anthropic(base_url=provider.url, api_key="x", max_retries=1, middleware=[watch]) as client:
        client.messages.with_raw_response.create(extra_headers={"x-own": "1"}, **ASK)

    assert seen == [("/v1/messages", "claude-test-1", 0), ("/v1/messages", "claude-test-1", 1)]
    assert [headers["x-own"] for _, headers, _ in provider.asked] == ["1", "1"]
    assert scopes(recorded) == [OURS]


@pytest.mark.parametrize("value", ["false", "true"])
def test_the_switch_of_the_client_still_works(
    recorded: Recording, provider: Provider, script: Script, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ANTHROPIC_OPEN_TELEMETRY", value)
    provider.answers(script.answer(script.message()), script.answer(script.message()))

    with Anthropic(base_url=provider.url, api_key="x", max_retries=0) as client:
        client.messages.create(**ASK)
        tachograph_anthropic.uninstrument()
        client.messages.create(**ASK)

    assert scopes(recorded) == ([OURS] if value == "false" else [OURS, NATIVE])
