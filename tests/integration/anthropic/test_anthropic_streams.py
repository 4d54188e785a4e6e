"""Streamed answers: one span each, ended once, with what was seen."""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from anthropic import APIStatusError, AsyncStream, Stream
from opentelemetry import trace

if TYPE_CHECKING:
    from anthropic import Anthropic, AsyncAnthropic
    from tests.conftest import Recording
    from tests.integration.anthropic.conftest import Provider, Script

ASK: Any = {"model": "claude-test-1", "max_tokens": 64, "messages": [{"role": "user", "content": "2+2?"}]}


def measured(span: dict[str, Any], script: Script) -> dict[str, Any]:
    """The attributes of a stream's span; the time to its first chunk is checked and left out."""
    found = script.without_content(span)
    assert 0 < found.pop("gen_ai.response.time_to_first_chunk") < 60
    return found


def test_a_complete_stream(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    stream = client.messages.create(stream=True, **ASK)
    assert type(stream) is Stream
    kinds = [event.type for event in stream]

    assert kinds == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    span = script.only_span(recorded)
    assert (span["name"], span["status"]) == ("chat claude-test-1", "unset")
    assert measured(span, script) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-test-1",
        "gen_ai.request.max_tokens": 64,
        "gen_ai.request.stream": True,
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "claude-test-1-20260101",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 9,
        "server.address": "127.0.0.1",
        "server.port": provider.server_address[1],
        "tachograph.input.message.count": 1,
        "tachograph.stream.chunks": 7,
        "tachograph.stream.outcome": "complete",
        "tachograph.usage.provenance": "reported",
    }
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "finish_reason": "end_turn", "parts": [{"type": "text", "content": "Four."}]}
    ]


async def test_a_complete_asynchronous_stream(
    recorded: Recording, provider: Provider, aclient: AsyncAnthropic, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    stream = await aclient.messages.create(stream=True, **ASK)
    assert type(stream) is AsyncStream
    assert len([event async for event in stream]) == 7

    span = script.only_span(recorded)
    assert measured(span, script)["tachograph.stream.outcome"] == "complete"
    assert script.content(recorded, span)["output"][0]["parts"] == [{"type": "text", "content": "Four."}]


def test_a_stream_read_with_next(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Four."))

    stream = client.messages.create(stream=True, **ASK)
    count = 0
    while next(stream, None) is not None:
        count += 1

    assert count == 6
    assert measured(script.only_span(recorded), script)["tachograph.stream.outcome"] == "complete"


def test_tools_and_thinking(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    def delta(index: int, **what: Any) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": index, "delta": what}

    def begin(index: int, **what: Any) -> dict[str, Any]:
        return {"type": "content_block_start", "index": index, "content_block": what}

    whole = script.events()
    answer = script.stream()
    answer.events = [
        whole[0],
        begin(0, type="thinking", thinking="", signature=""),
        delta(0, type="thinking_delta", thinking="Weather "),
        delta(0, type="thinking_delta", thinking="it is."),
        delta(0, type="signature_delta", signature="EqMDCkYI"),
        begin(1, type="redacted_thinking", data="EmwKAhgB"),
        begin(2, type="tool_use", id="toolu_1", name="weather", input={}),
        delta(2, type="input_json_delta", partial_json='{"ci'),
        delta(2, type="input_json_delta", partial_json='ty":"Bern"}'),
        begin(3, type="tool_use", id="toolu_2", name="now", input={}),
        *whole[-2:],
    ]
    provider.answers(answer)

    for _ in client.messages.create(stream=True, **ASK):
        pass

    assert script.content(recorded, script.only_span(recorded))["output"][0]["parts"] == [
        {"type": "reasoning", "content": "Weather it is."},
        {"type": "reasoning"},
        {"type": "tool_call", "id": "toolu_1", "name": "weather", "arguments": {"city": "Bern"}},
        {"type": "tool_call", "id": "toolu_2", "name": "now", "arguments": {}},
    ]


def test_usage_is_replaced_by_the_last_account(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    first = {
        "input_tokens": 10,
        "output_tokens": 1,
        "cache_read_input_tokens": 7,
        "cache_creation_input_tokens": 5,
        "cache_creation": {"ephemeral_5m_input_tokens": 2, "ephemeral_1h_input_tokens": 3},
    }
    answer = script.stream()
    answer.events = script.events("Four.", usage=first)
    answer.events[-2]["usage"] = {
        "input_tokens": 11,
        "output_tokens": 30,
        "cache_read_input_tokens": 8,
        "cache_creation_input_tokens": None,
    }
    provider.answers(answer)

    for _ in client.messages.create(stream=True, **ASK):
        pass

    found = script.only_span(recorded)["attributes"]
    assert {key: value for key, value in found.items() if ".usage." in key} == {
        "gen_ai.usage.input_tokens": 24,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.usage.cache_read.input_tokens": 8,
        "gen_ai.usage.cache_write.input_tokens": 5,
        "tachograph.usage.cache_write_5m.input_tokens": 2,
        "tachograph.usage.cache_write_1h.input_tokens": 3,
        "tachograph.usage.provenance": "reported",
    }


def test_a_helper_stream(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."), script.stream("Fo", "ur."))

    with client.messages.stream(**ASK) as stream:
        assert list(stream.text_stream) == ["Fo", "ur."]
        assert stream.get_final_message().usage.output_tokens == 9
    with client.messages.stream(**ASK) as stream:
        stream.until_done()
        assert stream.get_final_text() == "Four."

    assert len(recorded.records("span.start")) == 2
    for span in recorded.spans():
        found = dict(span.get("attributes", {}))
        assert found["gen_ai.usage.output_tokens"] == 9
        assert found["tachograph.stream.outcome"] == "complete"


async def test_an_asynchronous_helper_stream(
    recorded: Recording, provider: Provider, aclient: AsyncAnthropic, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    async with aclient.messages.stream(**ASK) as stream:
        assert [text async for text in stream.text_stream] == ["Fo", "ur."]
        assert (await stream.get_final_message()).usage.output_tokens == 9

    assert measured(script.only_span(recorded), script)["tachograph.stream.outcome"] == "complete"


def test_an_abandoned_stream(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    with client.messages.create(stream=True, **ASK) as stream:
        for event in stream:
            if event.type == "content_block_delta":
                break
    stream.close()

    span = script.only_span(recorded)
    found = measured(span, script)
    assert span["status"] == "unset"
    assert {key: value for key, value in found.items() if ".usage." in key or ".stream." in key} == {
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 1,
        "tachograph.usage.provenance": "estimated",
        "tachograph.stream.chunks": 3,
        "tachograph.stream.outcome": "abandoned",
    }
    assert "gen_ai.response.finish_reasons" not in found
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Fo"}]}
    ]


def test_a_stream_that_is_dropped(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    stream = client.messages.create(stream=True, **ASK)
    next(stream)
    stream.response.close()
    del stream
    gc.collect()

    assert script.only_span(recorded)["attributes"]["tachograph.stream.outcome"] == "abandoned"


def test_a_stream_never_read(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.stream("Four."))

    stream = client.messages.create(stream=True, **ASK)
    assert recorded.spans() == []
    stream.close()
    stream.close()

    found = script.only_span(recorded)["attributes"]
    assert found["tachograph.stream.outcome"] == "abandoned"
    assert found["tachograph.usage.provenance"] == "missing"
    assert "gen_ai.usage.output_tokens" not in found


def test_a_broken_stream(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    answer = script.stream("Fünf oder sechs?", breaks=True)
    assert answer.events is not None
    del answer.events[4:]
    provider.answers(answer)

    with pytest.raises(httpx2.RemoteProtocolError):
        for _ in client.messages.create(stream=True, **ASK):
            pass

    span = script.only_span(recorded)
    found = measured(span, script)
    assert span["status"] == "error"
    assert found["tachograph.stream.outcome"] == "broken"
    assert found["error.type"] == "httpx2.RemoteProtocolError"
    assert found["gen_ai.usage.input_tokens"] == 12
    assert found["gen_ai.usage.output_tokens"] == 5  # 17 bytes, rounded up to tokens of four
    assert found["tachograph.usage.provenance"] == "estimated"


def test_an_error_within_a_stream(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    answer = script.stream("Four.")
    assert answer.events is not None
    answer.events[4:] = [{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}]
    provider.answers(answer)

    with pytest.raises(APIStatusError):
        for _ in client.messages.create(stream=True, **ASK):
            pass

    span = script.only_span(recorded)
    assert span["status"] == "error"
    assert measured(span, script)["tachograph.stream.outcome"] == "broken"


async def test_a_cancelled_stream(
    recorded: Recording, provider: Provider, aclient: AsyncAnthropic, script: Script
) -> None:
    release = threading.Event()
    provider.answers(script.stream("Fo", "ur.", holds=release))
    began = asyncio.Event()

    async def read() -> None:
        async with await aclient.messages.create(stream=True, **ASK) as stream:
            async for event in stream:
                if event.type == "content_block_delta":
                    began.set()

    task = asyncio.create_task(read())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()

    assert measured(script.only_span(recorded), script)["tachograph.stream.outcome"] == "cancelled"


def test_a_stream_is_not_current_while_it_is_read(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.stream("Four."))

    for _ in client.messages.create(stream=True, **ASK):
        assert not trace.get_current_span().get_span_context().is_valid


def test_a_stream_looks_as_it_does_without_us(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    import tachograph_anthropic

    provider.answers(script.stream("Four."), script.stream("Four."))

    with client.messages.create(stream=True, **ASK) as ours:
        tachograph_anthropic.uninstrument()
        with client.messages.create(stream=True, **ASK) as theirs:
            assert inspect.isgenerator(iter(ours)) == inspect.isgenerator(iter(theirs))
            assert ours.response.status_code == theirs.response.status_code
            assert ours.response.headers["request-id"] == "req_1"
            assert set(vars(theirs)) <= set(vars(ours))
            assert repr(type(ours)) == repr(type(theirs))


MALFORMED: list[list[Any]] = [
    [{"type": "message_start", "message": None}],
    [{"type": "message_start"}, {"type": "content_block_delta", "index": 4, "delta": {"type": "text_delta"}}],
    [{"type": "content_block_delta", "index": 0, "delta": None}, {"type": "message_stop"}],
    [{"type": "content_block_start", "index": [], "content_block": [1]}, {"type": "message_delta", "usage": 4}],
]


@pytest.mark.parametrize("events", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_events_come_out_as_they_would(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script, events: Any
) -> None:
    import tachograph_anthropic

    def outcome() -> list[str]:
        answer = script.stream()
        answer.events = events
        provider.answers(answer)
        seen: list[str] = []
        try:
            seen.extend(repr(event) for event in client.messages.create(stream=True, **ASK))
        except Exception as error:
            seen.append(repr(error))
        return seen

    with_us = outcome()
    tachograph_anthropic.uninstrument()
    assert outcome() == with_us
    assert recorded.spans()[0].get("scope") == "tachograph.anthropic"
