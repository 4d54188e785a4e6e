"""The responses interface, embeddings and text completions."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest
from openai import Stream
from openai.types.responses import Response
from pydantic import BaseModel

if TYPE_CHECKING:
    from tests.conftest import Recording
    from tests.integration.openai.conftest import Answer, Provider, Script

ASK: Any = {"model": "gpt-test", "input": "2+2?"}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "Four.", "annotations": []}],
}
USAGE: dict[str, Any] = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 0},
    "output_tokens": 30,
    "output_tokens_details": {"reasoning_tokens": 20},
    "total_tokens": 130,
}
ANSWERED: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-test",
    "gen_ai.response.finish_reasons": ["completed"],
    "gen_ai.response.id": "resp_1",
    "gen_ai.response.model": "gpt-test-2026-01-01",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.usage.cache_read.input_tokens": 64,
    "gen_ai.usage.cache_write.input_tokens": 0,
    "gen_ai.usage.reasoning.output_tokens": 20,
    "tachograph.input.message.count": 1,
    "tachograph.response.service_tier": "default",
    "tachograph.usage.provenance": "reported",
}
FOUR = [{"role": "assistant", "finish_reason": "completed", "parts": [{"type": "text", "content": "Four."}]}]


def response(*output: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A whole response, with members changed."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "gpt-test-2026-01-01",
        "status": "completed",
        "output": list(output) or [MESSAGE],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "service_tier": "default",
        "usage": USAGE,
        **changed,
    }


def events(script: Script, *, whole: bool = True) -> Answer:
    """A streamed response, with or without its last event."""
    begun = response(status="in_progress", usage=None, output=[])
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    sent: list[Any] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**MESSAGE, "content": []}},
        {"type": "response.content_part.added", "part": {**MESSAGE["content"][0], "text": ""}, **at},
        {"type": "response.output_text.delta", "delta": "Fo", **at},
        {"type": "response.output_text.delta", "delta": "ur.", **at},
    ]
    if whole:
        sent.append({"type": "response.completed", "response": response()})
    answer = script.answer(None)
    answer.events = [{"sequence_number": number, **event} for number, event in enumerate(sent)]
    return answer


def test_a_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(response()))

    answer = client.responses.create(
        **ASK, instructions="Be brief.", max_output_tokens=50, temperature=0, conversation="conv_1"
    )

    assert answer.__class__ is Response
    assert answer.output_text == "Four."
    span = script.only_span(recorded)
    assert span["name"] == "chat gpt-test"
    assert script.known(span, provider) == ANSWERED | {
        "gen_ai.conversation.id": "conv_1",
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.temperature": 0,
    }
    assert script.content(recorded, span) == {
        "input": [{"role": "user", "parts": [{"type": "text", "content": "2+2?"}]}],
        "system": [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]}],
        "output": FOUR,
    }


def test_items(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    reasoning = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Add them."}]}
    call = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "add", "arguments": '{"a": 2}'}
    searched = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search"}}
    painted = {"id": "ig_1", "type": "image_generation_call", "status": "completed", "result": "QUJD"}
    provider.answers(
        script.answer(response({**reasoning, "encrypted_content": "gAAAA"}, searched, painted, call)),
        script.answer(response()),
    )
    tool: Any = {"type": "function", "name": "add", "parameters": {"type": "object"}, "strict": True}

    first = client.responses.create(**ASK, tools=[tool])
    items: list[Any] = [
        {"role": "user", "content": [{"type": "input_text", "text": "2+2?"}]},
        *first.output,
        {"type": "function_call_output", "call_id": "call_1", "output": "4"},
    ]
    client.responses.create(model="gpt-test", input=items)

    asked, answered = recorded.spans()
    parts = [
        {"type": "reasoning", "content": "Add them."},
        {
            "type": "web_search_call",
            "content": {"id": "ws_1", "status": "completed", "action": {"type": "search"}},
        },
        {"type": "blob", "modality": "image", "size": 3},
        {"type": "tool_call", "id": "call_1", "name": "add", "arguments": {"a": 2}},
    ]
    found = script.content(recorded, asked)
    assert found["output"] == [{"role": "assistant", "finish_reason": "completed", "parts": parts}]
    assert found["tools"][0]["parts"] == [
        {
            "type": "tool_definition",
            "name": "add",
            "content": {"type": "function", "parameters": {"type": "object"}, "strict": True},
        }
    ]
    assert script.content(recorded, answered)["input"] == [
        {"role": "user", "parts": [{"type": "text", "content": "2+2?"}]},
        *({"role": "assistant", "parts": [part]} for part in parts),
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "4"}]},
    ]
    journal = "".join(file.read_text() for file in recorded.run_dir.iterdir())
    assert "gAAAA" not in journal
    assert "QUJD" not in journal


def test_a_response_cut_short(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(
        script.answer(response(status="incomplete", incomplete_details={"reason": "max_output_tokens"})),
        script.answer(response(status="failed", error={"code": "server_error", "message": "no"}, usage=None)),
    )

    client.responses.create(**ASK)
    client.responses.create(**ASK)

    cut, failed = [span["attributes"] for span in recorded.spans()]
    assert cut["gen_ai.response.finish_reasons"] == ["max_output_tokens"]
    assert failed["gen_ai.response.finish_reasons"] == ["failed"]
    assert failed["error.type"] == "server_error"
    assert failed["tachograph.usage.provenance"] == "missing"


class Sum(BaseModel):
    """The structured output asked for."""

    value: int


async def test_structured_output(recorded: Recording, provider: Provider, aclient: Any, script: Script) -> None:
    said: dict[str, Any] = {**MESSAGE, "content": [{"type": "output_text", "text": '{"value": 4}', "annotations": []}]}
    provider.answers(script.answer(response(said)))

    answer = await aclient.responses.parse(**ASK, text_format=Sum)

    assert answer.output_parsed == Sum(value=4)
    span = script.only_span(recorded)
    assert script.known(span, provider) == ANSWERED | {
        "gen_ai.output.type": "json",
        "tachograph.request.structured_output": "Sum",
    }
    assert script.content(recorded, span)["output"][0]["parts"] == [{"type": "text", "content": '{"value": 4}'}]


STREAMED = ANSWERED | {
    "gen_ai.request.stream": True,
    "tachograph.stream.chunks": 6,
    "tachograph.stream.outcome": "complete",
}


def test_a_streamed_response(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(events(script))

    stream = client.responses.create(**ASK, stream=True)
    assert stream.__class__ is Stream
    assert len(list(stream)) == 6

    span = script.only_span(recorded)
    assert script.known(span, provider) == STREAMED
    assert script.content(recorded, span)["output"] == FOUR


def test_a_streamed_response_left_at_its_last_event(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(events(script))

    for event in client.responses.create(**ASK, stream=True):
        if event.type == "response.completed":
            break
    gc.collect()

    assert script.known(script.only_span(recorded), provider) == STREAMED


def test_the_client_s_own_helper(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(events(script))

    with client.responses.stream(**ASK) as stream:
        assert stream.get_final_response().output_text == "Four."

    assert script.known(script.only_span(recorded), provider) == STREAMED


def test_a_streamed_response_without_its_end(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    answer = events(script, whole=False)
    arguments: Any = {"type": "response.function_call_arguments.delta", "output_index": 1, "item_id": "fc_1"}
    answer.events = [
        *(answer.events or []),
        {
            "type": "response.output_item.added",
            "output_index": 1,
            "item": {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "add", "arguments": ""},
        },
        {**arguments, "delta": '{"a":'},
        {**arguments, "delta": " 2"},
    ]
    provider.answers(answer)

    list(client.responses.create(**ASK, stream=True))

    span = script.only_span(recorded)
    assert script.known(span, provider) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "gen_ai.request.stream": True,
        "gen_ai.response.id": "resp_1",
        "gen_ai.response.model": "gpt-test-2026-01-01",
        "gen_ai.usage.output_tokens": 3,
        "tachograph.input.message.count": 1,
        "tachograph.response.service_tier": "default",
        "tachograph.stream.chunks": 8,
        "tachograph.stream.outcome": "complete",
        "tachograph.usage.provenance": "estimated",
    }
    assert script.content(recorded, span)["output"] == [
        {
            "role": "assistant",
            "parts": [
                {"type": "text", "content": "Four."},
                {"type": "tool_call", "id": "call_1", "name": "add", "arguments": '{"a": 2'},
            ],
        }
    ]


@pytest.mark.parametrize("changed", [{"output": [None]}, {"output": None, "usage": 3}, {"output": 7, "id": {}}])
def test_malformed_responses(
    recorded: Recording, provider: Provider, client: Any, script: Script, changed: dict[str, Any]
) -> None:
    provider.answers(script.answer(response(**changed)))

    assert type(client.responses.create(**ASK)) is Response

    assert script.only_span(recorded)["status"] == "unset"


def test_embeddings(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(
        script.answer(
            {
                "object": "list",
                "model": "embed-test-1",
                "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2, 0.3]}],
                "usage": {"prompt_tokens": 5, "total_tokens": 5},
            }
        )
    )

    client.embeddings.create(model="embed-test", input=["one", "two"], dimensions=3, encoding_format="float")

    span = script.only_span(recorded)
    assert span["name"] == "embeddings embed-test"
    assert script.known(span, provider) == {
        "gen_ai.embeddings.dimension.count": 3,
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.encoding_formats": ["float"],
        "gen_ai.request.model": "embed-test",
        "gen_ai.response.model": "embed-test-1",
        "gen_ai.usage.input_tokens": 5,
        "tachograph.usage.provenance": "reported",
    }
    assert script.content(recorded, span) == {
        "input": [{"role": "user", "parts": [{"type": "text", "content": "one"}, {"type": "text", "content": "two"}]}]
    }


def text_completion(**changed: Any) -> dict[str, Any]:
    """A whole text completion, with members changed."""
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
        "model": "text-test-1",
        "choices": [{"index": 0, "text": " four", "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 1, "total_tokens": 5},
        **changed,
    }


COMPLETED: dict[str, Any] = {
    "gen_ai.operation.name": "text_completion",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "text-test",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.response.id": "cmpl-1",
    "gen_ai.response.model": "text-test-1",
    "gen_ai.usage.input_tokens": 4,
    "gen_ai.usage.output_tokens": 1,
    "tachograph.usage.provenance": "reported",
}


def test_a_text_completion(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(text_completion()))

    client.completions.create(model="text-test", prompt="2+2 is")

    span = script.only_span(recorded)
    assert script.known(span, provider) == COMPLETED
    assert script.content(recorded, span) == {
        "input": [{"role": "user", "parts": [{"type": "text", "content": "2+2 is"}]}],
        "output": [{"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": " four"}]}],
    }


def test_a_streamed_text_completion(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    def piece(text: str, reason: str | None = None) -> dict[str, Any]:
        return text_completion(choices=[{"index": 0, "text": text, "finish_reason": reason}], usage=None)

    answer = script.answer(None)
    answer.events = [piece(" fo"), piece("ur", "stop"), text_completion(choices=[])]
    provider.answers(answer)

    assert len(list(client.completions.create(model="text-test", prompt="2+2 is", stream=True))) == 3

    span = script.only_span(recorded)
    assert script.known(span, provider) == COMPLETED | {
        "gen_ai.request.stream": True,
        "tachograph.stream.chunks": 3,
        "tachograph.stream.outcome": "complete",
    }
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": " four"}]}
    ]
