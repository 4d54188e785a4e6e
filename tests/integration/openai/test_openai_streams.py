"""Streamed chat completions: one span each, ended once, with what was seen."""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from openai import APIError, AsyncStream, Stream
from opentelemetry import trace

if TYPE_CHECKING:
    from tests.conftest import Recording
    from tests.integration.openai.conftest import Provider, Script

USAGE = {"prompt_tokens": 12, "completion_tokens": 9, "total_tokens": 21}
STREAMED: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-test",
    "gen_ai.request.stream": True,
    "gen_ai.response.id": "chatcmpl-1",
    "gen_ai.response.model": "gpt-test-2026-01-01",
    "tachograph.input.message.count": 1,
}
COMPLETE = STREAMED | {
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 9,
    "tachograph.stream.chunks": 5,
    "tachograph.stream.outcome": "complete",
    "tachograph.usage.provenance": "reported",
}
ABANDONED = STREAMED | {
    "gen_ai.usage.output_tokens": 1,
    "tachograph.stream.chunks": 2,
    "tachograph.stream.outcome": "abandoned",
    "tachograph.usage.provenance": "estimated",
}
FOUR = [{"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": "Four."}]}]


def test_a_complete_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    stream = client.chat.completions.create(**script.ask, stream=True)
    assert stream.__class__ is Stream
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == "Four."

    span = script.only_span(recorded)
    assert (span["name"], span["status"]) == ("chat gpt-test", "unset")
    assert 0 < span["attributes"]["gen_ai.response.time_to_first_chunk"] < 60
    assert script.known(span, provider) == COMPLETE
    assert script.content(recorded, span)["output"] == FOUR


async def test_a_complete_asynchronous_stream(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    stream = await aclient.chat.completions.create(**script.ask, stream=True)
    assert stream.__class__ is AsyncStream
    assert len([chunk async for chunk in stream]) == 5

    span = script.only_span(recorded)
    assert script.known(span, provider) == COMPLETE
    assert script.content(recorded, span)["output"] == FOUR


def test_the_stream_is_lazy_and_not_current(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    last = threading.Event()
    answer = script.stream("Fo", "ur.")
    answer.holds = last
    provider.answers(answer)

    stream = client.chat.completions.create(**script.ask, stream=True)
    next(stream)
    assert not trace.get_current_span().get_span_context().is_valid
    assert recorded.spans() == []
    last.set()
    assert len(list(stream)) == 3
    with pytest.raises(StopIteration):
        next(stream)

    assert len(recorded.spans()) == 1


def test_without_an_account_of_tokens(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Two and two ", "is four."))

    list(client.chat.completions.create(**script.ask, stream=True))

    span = script.only_span(recorded)
    assert provider.asked[0][2].get("stream_options") is None
    assert script.known(span, provider) == STREAMED | {
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.output_tokens": 5,
        "tachograph.stream.chunks": 4,
        "tachograph.stream.outcome": "complete",
        "tachograph.usage.provenance": "estimated",
    }


def test_an_account_with_every_chunk_counts_once(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    answer = script.stream("Fo", "ur.")
    for number, event in enumerate(answer.events or []):
        event["usage"] = {"prompt_tokens": 12, "completion_tokens": number, "total_tokens": 12 + number}
    provider.answers(answer)

    list(client.chat.completions.create(**script.ask, stream=True))

    attributes = script.only_span(recorded)["attributes"]
    assert (attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.output_tokens"]) == (12, 3)


def test_tool_calls(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    def call(index: int, **given: Any) -> dict[str, Any]:
        return {"tool_calls": [{"index": index, **given}]}

    answer = script.stream()
    answer.events = [
        script.chunk({"role": "assistant", "content": None}),
        script.chunk(call(0, id="call_1", type="function", function={"name": "add", "arguments": ""})),
        script.chunk(call(0, function={"arguments": '{"a": '})),
        script.chunk(call(1, id="call_2", type="function", function={"name": "now", "arguments": "{}"})),
        script.chunk(call(0, function={"arguments": "2}"})),
        script.chunk({}, "tool_calls"),
    ]
    provider.answers(answer)

    list(client.chat.completions.create(**script.ask, stream=True))

    assert script.content(recorded, script.only_span(recorded))["output"] == [
        {
            "role": "assistant",
            "finish_reason": "tool_calls",
            "parts": [
                {"type": "tool_call", "id": "call_1", "name": "add", "arguments": {"a": 2}},
                {"type": "tool_call", "id": "call_2", "name": "now", "arguments": {}},
            ],
        }
    ]


def test_a_broken_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", breaks=True))

    seen: list[object] = []
    # Which of the two it is depends on the release.
    with pytest.raises((httpx2.RemoteProtocolError, APIError)) as raised:
        seen.extend(client.chat.completions.create(**script.ask, stream=True))

    span = script.only_span(recorded)
    assert (len(seen), span["status"]) == (4, "error")
    assert script.known(span, provider) == STREAMED | {
        "error.type": f"{raised.type.__module__}.{raised.type.__qualname__}",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.output_tokens": 2,
        "tachograph.stream.chunks": 4,
        "tachograph.stream.outcome": "broken",
        "tachograph.usage.provenance": "estimated",
    }
    assert script.content(recorded, span)["output"] == FOUR


def test_an_error_in_the_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    answer = script.stream("Fo")
    answer.events = [*(answer.events or [])[:2], {"error": {"message": "overloaded"}}]
    provider.answers(answer)

    with pytest.raises(APIError, match="overloaded"):
        list(client.chat.completions.create(**script.ask, stream=True))

    span = script.only_span(recorded)
    assert script.known(span, provider) == ABANDONED | {
        "error.type": "openai.APIError",
        "tachograph.stream.outcome": "broken",
    }


def test_a_stream_closed_early_and_twice(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    stream = client.chat.completions.create(**script.ask, stream=True)
    next(stream)
    next(stream)
    stream.close()

    span = script.only_span(recorded)
    assert script.known(span, provider) == ABANDONED
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Fo"}]}
    ]
    stream.close()
    del stream
    gc.collect()
    assert len(recorded.spans()) == 1


def test_a_stream_left_by_its_block(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    with client.chat.completions.create(**script.ask, stream=True) as stream:
        next(stream)
        next(stream)

    assert script.known(script.only_span(recorded), provider) == ABANDONED


def test_an_abandoned_stream(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    for number, _ in enumerate(client.chat.completions.create(**script.ask, stream=True)):
        if number == 1:
            break
    # The client's own stream is part of a reference cycle.
    gc.collect()

    assert script.known(script.only_span(recorded), provider) == ABANDONED


def test_a_stream_nobody_reads(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur."))

    client.chat.completions.create(**script.ask, stream=True)
    gc.collect()

    assert script.known(script.only_span(recorded), provider) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "gen_ai.request.stream": True,
        "tachograph.input.message.count": 1,
        "tachograph.stream.chunks": 0,
        "tachograph.stream.outcome": "abandoned",
        "tachograph.usage.provenance": "missing",
    }


async def test_an_asynchronous_stream_closed_early(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    async with await aclient.chat.completions.create(**script.ask, stream=True) as stream:
        await anext(aiter(stream))
        await stream.__anext__()

    assert script.known(script.only_span(recorded), provider) == ABANDONED
    await stream.close()
    assert len(recorded.spans()) == 1


async def test_an_abandoned_asynchronous_stream(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur."))

    stream = await aclient.chat.completions.create(**script.ask, stream=True)
    await stream.__anext__()
    await stream.__anext__()
    del stream
    gc.collect()
    # The loop closes the client's generators.
    await asyncio.sleep(0.05)

    assert script.known(script.only_span(recorded), provider) == ABANDONED


async def test_a_cancelled_stream(recorded: Recording, provider: Provider, aclient: Any, script: Script) -> None:
    never = threading.Event()
    answer = script.stream("Fo")
    answer.holds = never
    provider.answers(answer)
    reached = asyncio.Event()

    async def read() -> None:
        stream = await aclient.chat.completions.create(**script.ask, stream=True)
        await anext(aiter(stream))
        await stream.__anext__()
        reached.set()
        await stream.__anext__()

    task = asyncio.create_task(read())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    never.set()
    span = script.only_span(recorded)
    assert span["status"] == "error"
    assert script.known(span, provider) == ABANDONED | {
        "error.type": "asyncio.exceptions.CancelledError",
        "tachograph.stream.outcome": "cancelled",
    }


async def test_a_call_cancelled_before_its_answer(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    never = threading.Event()
    provider.answers(script.answer(script.completion(), holds=never))

    task: asyncio.Task[Any] = asyncio.create_task(aclient.chat.completions.create(**script.ask))
    await asyncio.to_thread(provider.first.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    never.set()
    span = script.only_span(recorded)
    assert (span["status"], span["attributes"]["error.type"]) == ("error", "asyncio.exceptions.CancelledError")


MALFORMED: list[dict[str, Any]] = [
    {"choices": [None]},
    {"choices": [{"index": 0, "delta": None}]},
    {"choices": [{"index": [], "delta": {"content": 5}}], "usage": "none"},
    {"id": 3, "model": [], "choices": 7},
]


@pytest.mark.parametrize("event", MALFORMED)
def test_malformed_chunks(
    recorded: Recording, provider: Provider, client: Any, script: Script, event: dict[str, Any]
) -> None:
    answer = script.stream("Four.")
    answer.events = [event, *(answer.events or [])]
    provider.answers(answer)

    assert len(list(client.chat.completions.create(**script.ask, stream=True))) == 4

    span = script.only_span(recorded)
    assert span["status"] == "unset"
    assert script.content(recorded, span)["output"] == FOUR


def test_the_client_s_own_helper(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    with client.chat.completions.stream(**script.ask) as stream:
        kinds = {event.type for event in stream}
        assert stream.get_final_completion().choices[0].message.content == "Four."

    assert kinds == {"chunk", "content.delta", "content.done"}
    assert script.known(script.only_span(recorded), provider) == COMPLETE


async def test_the_client_s_own_asynchronous_helper(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(script.stream("Fo", "ur.", usage=USAGE))

    async with aclient.chat.completions.stream(**script.ask) as stream:
        assert (await stream.get_final_completion()).choices[0].message.content == "Four."

    assert script.known(script.only_span(recorded), provider) == COMPLETE


def test_the_client_s_methods_look_as_before(recorded: Recording) -> None:
    from openai._base_client import AsyncAPIClient, SyncAPIClient

    assert list(inspect.signature(SyncAPIClient.request).parameters) == [
        "self",
        "cast_to",
        "options",
        "stream",
        "stream_cls",
    ]
    assert SyncAPIClient.request.__qualname__ == "SyncAPIClient.request"
    assert inspect.iscoroutinefunction(AsyncAPIClient.request)
