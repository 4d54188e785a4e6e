"""Raw and streaming responses: the program gets the response object it asked for, the journal gets the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from anthropic import APIStatusError, Stream

if TYPE_CHECKING:
    from tests.conftest import Recording
    from tests.integration.anthropic.conftest import Provider, Script

ASK: Any = {"model": "claude-test-1", "max_tokens": 64, "messages": [{"role": "user", "content": "2+2?"}]}


def assert_complete(recorded: Recording, script: Script, output_tokens: int) -> None:
    """The one span has the whole answer."""
    span = script.only_span(recorded)
    assert span["attributes"]["gen_ai.response.id"] == "msg_1"
    assert span["attributes"]["gen_ai.usage.output_tokens"] == output_tokens
    assert span["attributes"]["tachograph.usage.provenance"] == "reported"
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "finish_reason": "end_turn", "parts": [{"type": "text", "content": "Four."}]}
    ]


def test_a_raw_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.message()))

    raw = client.messages.with_raw_response.create(**ASK)

    assert (type(raw).__name__, raw.headers["request-id"]) == ("APIResponse", "req_1")
    assert raw.parse().id == "msg_1"
    assert raw.parse() is raw.parse()
    assert_complete(recorded, script, 3)


def test_a_raw_response_that_is_never_parsed(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    assert client.messages.with_raw_response.create(**ASK).http_response.json() == script.message()

    assert_complete(recorded, script, 3)


async def test_an_asynchronous_raw_response(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    raw = await aclient.messages.with_raw_response.create(**ASK)

    assert (await raw.parse()).id == "msg_1"
    assert_complete(recorded, script, 3)


def test_a_raw_response_of_a_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    raw = client.messages.with_raw_response.create(stream=True, **ASK)
    assert type(raw.parse()) is Stream
    assert len(list(raw.parse())) == 7

    assert_complete(recorded, script, 9)


async def test_an_asynchronous_raw_response_of_a_stream(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    raw = await aclient.messages.with_raw_response.create(stream=True, **ASK)
    assert len([event async for event in await raw.parse()]) == 7

    assert_complete(recorded, script, 9)


def test_a_streaming_response_that_is_parsed(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    with client.messages.with_streaming_response.create(**ASK) as response:
        assert not response.http_response.is_closed
        assert response.parse().id == "msg_1"

    assert_complete(recorded, script, 3)


async def test_an_asynchronous_streaming_response_that_is_parsed(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    async with aclient.messages.with_streaming_response.create(**ASK) as response:
        assert (await response.parse()).id == "msg_1"

    assert_complete(recorded, script, 3)


def test_a_streaming_response_of_a_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    with client.messages.with_streaming_response.create(stream=True, **ASK) as response:
        assert len(list(response.parse())) == 7

    assert_complete(recorded, script, 9)


def test_a_streaming_response_read_as_lines(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    with client.messages.with_streaming_response.create(stream=True, **ASK) as response:
        lines = list(response.iter_lines())

    assert len([line for line in lines if line.startswith("event: ")]) == 8
    assert len(recorded.spans()) == 1


def test_a_streaming_response_that_is_not_read(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    with client.messages.with_streaming_response.create(**ASK) as response:
        assert response.status_code == 200
        assert recorded.spans() == []

    span = script.only_span(recorded)
    assert span["attributes"]["tachograph.usage.provenance"] == "missing"
    assert "gen_ai.usage.output_tokens" not in span["attributes"]


def test_a_refused_raw_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer({"type": "error", "error": {"type": "x", "message": "no"}}, status=529))

    with pytest.raises(APIStatusError):
        client.messages.with_raw_response.create(**ASK)

    assert script.only_span(recorded)["attributes"]["http.response.status_code"] == 529
