"""Raw and streaming responses: the program reads the body itself, and what it reads is recorded."""

from __future__ import annotations

import gc
import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from openai import APIResponse, AsyncAPIResponse, AsyncStream, Stream
from openai._legacy_response import LegacyAPIResponse
from openai.types.chat import ChatCompletion

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Recording
    from tests.integration.openai.conftest import Provider, Script

USAGE = {"prompt_tokens": 12, "completion_tokens": 9, "total_tokens": 21}
WHOLE: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-test",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.model": "gpt-test-2026-01-01",
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 3,
    "tachograph.input.message.count": 1,
    "tachograph.usage.provenance": "reported",
}
READ = WHOLE | {"tachograph.stream.outcome": "complete"}
STREAMED = READ | {
    "gen_ai.request.stream": True,
    "gen_ai.usage.output_tokens": 9,
    "tachograph.stream.chunks": 5,
}
FOUR = [{"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": "Four."}]}]


READERS: list[Callable[[Any], object]] = [
    lambda response: response.parse().model_dump_json(),
    lambda response: response.read(),
    lambda response: response.json(),
    lambda response: response.text(),
    lambda response: list(response.iter_bytes()),
    lambda response: list(response.iter_text()),
    lambda response: list(response.iter_lines()),
    lambda response: list(response.http_response.iter_raw()),
]
"""Every way to read a body."""


def test_a_raw_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()))

    response: Any = client.chat.completions.with_raw_response.create(**script.ask)

    assert response.__class__ is LegacyAPIResponse
    assert response.headers["x-request-id"] == "req_1"
    # The span has ended before anybody parses the answer.
    span = script.only_span(recorded)
    assert script.known(span, provider) == WHOLE
    assert script.content(recorded, span)["output"] == FOUR
    assert type(response.parse()) is ChatCompletion
    assert response.parse() is response.parse()
    assert len(recorded.spans()) == 1


async def test_an_asynchronous_raw_response(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.answer(script.completion()))

    response = await aclient.chat.completions.with_raw_response.create(**script.ask)

    assert response.parse().choices[0].message.content == "Four."
    assert script.known(script.only_span(recorded), provider) == WHOLE


@pytest.mark.parametrize("read", READERS)
def test_a_streaming_response(
    recorded: Recording, provider: Provider, client: Any, script: Script, read: Callable[[Any], object]
) -> None:
    provider.answers(script.answer(script.completion()))

    with client.chat.completions.with_streaming_response.create(**script.ask) as response:
        assert response.__class__ is APIResponse
        assert recorded.spans() == []
        assert read(response)

    span = script.only_span(recorded)
    assert script.known(span, provider) == READ
    assert script.content(recorded, span)["output"] == FOUR


async def test_an_asynchronous_streaming_response(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.answer(script.completion()))

    async with aclient.chat.completions.with_streaming_response.create(**script.ask) as response:
        assert response.__class__ is AsyncAPIResponse
        assert (await response.parse()).choices[0].message.content == "Four."

    assert script.known(script.only_span(recorded), provider) == READ


def test_a_compressed_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    body = gzip.compress(json.dumps(script.completion()).encode())
    provider.answers(script.answer(body, headers={"content-encoding": "gzip"}))

    with client.chat.completions.with_streaming_response.create(**script.ask) as response:
        assert response.parse().choices[0].message.content == "Four."

    assert script.known(script.only_span(recorded), provider) == READ


def test_a_streaming_response_nobody_reads(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.answer(script.completion()))

    with client.chat.completions.with_streaming_response.create(**script.ask):
        pass

    assert script.known(script.only_span(recorded), provider) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "tachograph.input.message.count": 1,
        "tachograph.stream.outcome": "abandoned",
        "tachograph.usage.provenance": "missing",
    }


def test_a_raw_response_with_events(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    stream = client.chat.completions.with_raw_response.create(**script.ask, stream=True).parse()
    assert stream.__class__ is Stream
    assert len(list(stream)) == 5

    span = script.only_span(recorded)
    assert script.known(span, provider) == STREAMED
    assert script.content(recorded, span)["output"] == FOUR


async def test_an_asynchronous_raw_response_with_events(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    stream = (await aclient.chat.completions.with_raw_response.create(**script.ask, stream=True)).parse()
    assert stream.__class__ is AsyncStream
    assert len([chunk async for chunk in stream]) == 5

    assert script.known(script.only_span(recorded), provider) == STREAMED


def test_events_read_as_lines(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    with client.chat.completions.with_streaming_response.create(**script.ask, stream=True) as response:
        lines = [line for line in response.iter_lines() if line]

    assert len(lines) == 6
    assert script.known(script.only_span(recorded), provider) == STREAMED


def test_a_raw_response_that_is_dropped(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    response = client.chat.completions.with_raw_response.create(**script.ask, stream=True)
    response.http_response.close()
    del response
    gc.collect()

    attributes = script.only_span(recorded)["attributes"]
    assert attributes["tachograph.stream.outcome"] == "abandoned"
    assert attributes["tachograph.usage.provenance"] == "missing"


def test_a_broken_body(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", breaks=True))

    with (
        pytest.raises(httpx2.RemoteProtocolError),
        client.chat.completions.with_streaming_response.create(**script.ask, stream=True) as response,
    ):
        list(response.iter_bytes())

    span = script.only_span(recorded)
    assert span["attributes"]["tachograph.stream.outcome"] == "broken"
    assert script.content(recorded, span)["output"] == FOUR
