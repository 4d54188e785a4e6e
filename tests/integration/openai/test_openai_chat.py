"""Chat completions that come as a whole: what is recorded of them, and that the program gets what it would."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from openai import APITimeoutError, AsyncAzureOpenAI, AzureOpenAI, BadRequestError, LengthFinishReasonError
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

import tachograph_openai
from tachograph.run import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Recording
    from tests.integration.openai.conftest import Provider, Script

ANSWERED: dict[str, Any] = {
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
FOUR = [{"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": "Four."}]}]


def test_a_call(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(
        script.answer(
            script.completion(
                service_tier="default",
                usage={
                    "prompt_tokens": 100,
                    "completion_tokens": 30,
                    "total_tokens": 130,
                    "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 8},
                    "completion_tokens_details": {"reasoning_tokens": 20},
                },
            )
        )
    )

    answer = client.chat.completions.create(
        **script.ask,
        temperature=0.5,
        top_p=1,
        max_completion_tokens=50,
        seed=7,
        stop=["x", "y"],
        frequency_penalty=0.1,
        presence_penalty=0.2,
        response_format={"type": "json_object"},
        extra_body={"top_k": 5},
    )

    assert answer.__class__ is ChatCompletion
    assert pickle.loads(pickle.dumps(answer)) == answer
    span = script.only_span(recorded)
    assert (span["name"], span["kind"], span["scope"], span["status"]) == (
        "chat gpt-test",
        "client",
        "tachograph.openai",
        "unset",
    )
    assert script.known(span, provider) == ANSWERED | {
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 1,
        "gen_ai.request.top_k": 5,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.seed": 7,
        "gen_ai.request.stop_sequences": ["x", "y"],
        "gen_ai.request.frequency_penalty": 0.1,
        "gen_ai.request.presence_penalty": 0.2,
        "gen_ai.output.type": "json",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.usage.cache_read.input_tokens": 64,
        "gen_ai.usage.cache_write.input_tokens": 8,
        "gen_ai.usage.reasoning.output_tokens": 20,
        "tachograph.response.service_tier": "default",
    }
    assert script.content(recorded, span) == {
        "input": [{"role": "user", "parts": [{"type": "text", "content": "2+2?"}]}],
        "output": FOUR,
    }


async def test_an_asynchronous_call(recorded: Recording, provider: Provider, aclient: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()))

    answer = await aclient.chat.completions.create(**script.ask)

    assert answer.choices[0].message.content == "Four."
    span = script.only_span(recorded)
    assert script.known(span, provider) == ANSWERED
    assert script.content(recorded, span)["output"] == FOUR


def test_the_input_is_on_record_before_the_answer(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    provider.answers(script.answer(script.completion()))

    client.chat.completions.create(**script.ask)

    (begun,) = recorded.records("span.start")
    (ended,) = recorded.records("span.end")
    assert begun["attributes"]["tachograph.content.input"] == ended["attributes"]["tachograph.content.input"]


def test_an_error(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer({"error": {"message": "no such thing", "code": "bad"}}, status=400))

    with pytest.raises(BadRequestError):
        client.chat.completions.create(**script.ask)

    span = script.only_span(recorded)
    assert (span["status"], span["description"]) == ("error", "Error code: 400 - no such thing")
    assert script.known(span, provider) == {
        "error.type": "openai.BadRequestError",
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "http.response.status_code": 400,
        "tachograph.input.message.count": 1,
        "tachograph.usage.provenance": "missing",
    }


def test_a_second_attempt(
    recorded: Recording, provider: Provider, make_client: Callable[..., Any], script: Script
) -> None:
    provider.answers(
        script.answer({"error": {"message": "slow down"}}, status=429, headers={"retry-after-ms": "1"}),
        script.answer(script.completion()),
    )

    with make_client(max_retries=2) as client:
        client.chat.completions.create(**script.ask)

    assert script.known(script.only_span(recorded), provider) == ANSWERED | {"tachograph.request.retries": 1}


async def test_a_second_attempt_of_an_asynchronous_call(
    recorded: Recording, provider: Provider, aclient: Any, script: Script
) -> None:
    provider.answers(
        script.answer({"error": {"message": "slow down"}}, status=429, headers={"retry-after-ms": "1"}),
        script.answer(script.completion()),
    )

    await aclient.with_options(max_retries=1).chat.completions.create(**script.ask)

    assert script.known(script.only_span(recorded), provider) == ANSWERED | {"tachograph.request.retries": 1}


def test_a_timeout(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    import threading

    never = threading.Event()
    provider.answers(script.answer(script.completion(), holds=never))

    with pytest.raises(APITimeoutError):
        client.chat.completions.create(**script.ask, timeout=0.05)

    never.set()
    assert script.only_span(recorded)["attributes"]["error.type"] == "openai.APITimeoutError"


def test_several_choices(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(
        script.answer(
            script.completion(
                {"index": 0, "message": {"role": "assistant", "content": "Four."}, "finish_reason": "stop"},
                {"index": 1, "message": {"role": "assistant", "content": "Fo"}, "finish_reason": "length"},
            )
        )
    )

    client.chat.completions.create(**script.ask, n=2)

    span = script.only_span(recorded)
    assert script.known(span, provider) == ANSWERED | {
        "gen_ai.request.choice.count": 2,
        "gen_ai.response.finish_reasons": ["stop", "length"],
    }
    assert script.content(recorded, span)["output"] == [
        *FOUR,
        {"role": "assistant", "finish_reason": "length", "parts": [{"type": "text", "content": "Fo"}]},
    ]


def test_tools(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    called = {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2, "b": 2}'}}
        ],
    }
    provider.answers(
        script.answer(script.completion({"index": 0, "message": called, "finish_reason": "tool_calls"})),
        script.answer(script.completion()),
    )
    add: Any = {"name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {}}}
    messages: list[Any] = [{"role": "system", "content": "Be brief."}, *script.ask["messages"]]

    first = client.chat.completions.create(
        model="gpt-test", messages=messages, tools=[{"type": "function", "function": add}]
    )
    messages += [first.choices[0].message, {"role": "tool", "tool_call_id": "call_1", "content": "4"}]
    client.chat.completions.create(model="gpt-test", messages=messages)

    asked, answered = recorded.spans()
    call = {"type": "tool_call", "id": "call_1", "name": "add", "arguments": {"a": 2, "b": 2}}
    start = [
        {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
        {"role": "user", "parts": [{"type": "text", "content": "2+2?"}]},
    ]
    assert script.content(recorded, asked) == {
        "input": start,
        "tools": [
            {
                "role": "tools",
                "parts": [
                    {
                        "type": "tool_definition",
                        "name": "add",
                        "content": {"type": "function", "description": "Adds.", "parameters": add["parameters"]},
                    }
                ],
            }
        ],
        "output": [{"role": "assistant", "finish_reason": "tool_calls", "parts": [call]}],
    }
    assert script.content(recorded, answered)["input"] == [
        *start,
        {"role": "assistant", "parts": [call]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "4"}]},
    ]


def test_messages_from_an_iterator(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()))

    client.chat.completions.create(model="gpt-test", messages=iter(script.ask["messages"]))

    assert provider.asked[0][2]["messages"] == script.ask["messages"]
    span = script.only_span(recorded)
    assert script.known(span, provider) == ANSWERED


def test_images_are_not_kept(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()))
    picture = "data:image/png;base64," + "QUJD" * 4

    client.chat.completions.create(
        model="gpt-test",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is it?"},
                    {"type": "image_url", "image_url": {"url": picture}},
                    {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
                    {"type": "input_audio", "input_audio": {"data": "QUI=", "format": "wav"}},
                    {"type": "file", "file": {"file_id": "file-1"}},
                ],
            }
        ],
    )

    assert script.content(recorded, script.only_span(recorded))["input"] == [
        {
            "role": "user",
            "parts": [
                {"type": "text", "content": "What is it?"},
                {"type": "blob", "modality": "image", "mime_type": "image/png", "size": 12},
                {"type": "uri", "modality": "image", "uri": "https://example.com/cat.png"},
                {"type": "blob", "modality": "audio", "mime_type": "audio/wav", "size": 2},
                {"type": "file", "modality": "file", "file_id": "file-1"},
            ],
        }
    ]
    assert "QUJD" not in (recorded.run_dir / next(recorded.run_dir.iterdir()).name).read_text()


def test_reasoning_of_a_compatible_provider(
    recorded: Recording, provider: Provider, client: Any, script: Script
) -> None:
    message = {"role": "assistant", "content": "Four.", "reasoning_content": "Two and two."}
    provider.answers(script.answer(script.completion({"index": 0, "message": message, "finish_reason": "stop"})))

    client.chat.completions.create(**script.ask)

    assert script.content(recorded, script.only_span(recorded))["output"] == [
        {
            "role": "assistant",
            "finish_reason": "stop",
            "parts": [{"type": "reasoning", "content": "Two and two."}, {"type": "text", "content": "Four."}],
        }
    ]


class Sum(BaseModel):
    """The structured output asked for."""

    value: int


def test_structured_output(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    message = {"role": "assistant", "content": '{"value": 4}'}
    provider.answers(script.answer(script.completion({"index": 0, "message": message, "finish_reason": "stop"})))

    answer = client.chat.completions.parse(**script.ask, response_format=Sum)

    assert answer.choices[0].message.parsed == Sum(value=4)
    span = script.only_span(recorded)
    assert script.known(span, provider) == ANSWERED | {
        "gen_ai.output.type": "json",
        "tachograph.request.structured_output": "Sum",
    }
    assert script.content(recorded, span)["output"] == [
        {"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": '{"value": 4}'}]}
    ]


def test_structured_output_cut_short(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    message = {"role": "assistant", "content": '{"val'}
    provider.answers(script.answer(script.completion({"index": 0, "message": message, "finish_reason": "length"})))

    with pytest.raises(LengthFinishReasonError):
        client.chat.completions.parse(**script.ask, response_format=Sum)

    span = script.only_span(recorded)
    assert span["status"] == "error"
    assert script.known(span, provider) == ANSWERED | {
        "error.type": "openai.LengthFinishReasonError",
        "gen_ai.output.type": "json",
        "gen_ai.response.finish_reasons": ["length"],
        "tachograph.request.structured_output": "Sum",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"choices": [None]},
        {"choices": None},
        {"choices": 5, "usage": []},
        {"choices": [{"index": 0, "message": None}], "usage": {"prompt_tokens": "many"}, "model": 7},
        {"choices": [{"message": {"role": 3, "content": 9, "tool_calls": "x"}}], "usage": None},
    ],
)
def test_malformed_answers(
    recorded: Recording, provider: Provider, client: Any, script: Script, changed: dict[str, Any]
) -> None:
    provider.answers(*[script.answer(script.completion(**changed))] * 2)

    with_us = client.chat.completions.create(**script.ask)
    tachograph_openai.uninstrument()
    without_us = client.chat.completions.create(**script.ask)

    assert with_us.model_dump(warnings=False) == without_us.model_dump(warnings=False)
    span = script.only_span(recorded)
    assert span["status"] == "unset"
    expected = "missing" if "usage" in changed else "reported"
    assert span["attributes"]["tachograph.usage.provenance"] == expected


def test_an_answer_that_is_not_json(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(b"<html>", content_type="text/html"))

    answer: object = client.chat.completions.create(**script.ask)

    assert answer == "<html>"
    assert script.known(script.only_span(recorded), provider) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-test",
        "tachograph.input.message.count": 1,
        "tachograph.usage.provenance": "missing",
    }


@pytest.fixture
def bare(record_with: Callable[[Settings], Recording]) -> Iterator[Recording]:
    """A recording without content."""
    recording = record_with(Settings(content=False))
    tachograph_openai.instrument()
    yield recording
    tachograph_openai.uninstrument()


def test_without_content(bare: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()), script.stream("Fo", "ur."))

    client.chat.completions.create(**script.ask, tools=[{"type": "function", "function": {"name": "add"}}])
    assert len(list(client.chat.completions.create(**script.ask, stream=True))) == 4

    assert bare.records("content") == []
    assert script.known(bare.spans()[0], provider) == ANSWERED
    assert bare.spans()[1]["attributes"]["gen_ai.usage.output_tokens"] == 2


def test_azure(recorded: Recording, provider: Provider, script: Script) -> None:
    provider.answers(script.answer(script.completion()))

    with AzureOpenAI(azure_endpoint=provider.origin, api_key="x", api_version="2026-01-01") as client:
        client.chat.completions.create(**script.ask)

    assert provider.asked[0][0] == "/openai/deployments/gpt-test/chat/completions?api-version=2026-01-01"
    assert script.known(script.only_span(recorded), provider) == ANSWERED | {"gen_ai.provider.name": "azure.ai.openai"}


async def test_azure_with_a_deployment(recorded: Recording, provider: Provider, script: Script) -> None:
    provider.answers(script.answer(script.completion()))

    async with AsyncAzureOpenAI(
        azure_endpoint=provider.origin, azure_deployment="mine", api_key="x", api_version="2026-01-01"
    ) as client:
        await client.chat.completions.create(**script.ask)

    assert provider.asked[0][0] == "/openai/deployments/mine/chat/completions?api-version=2026-01-01"
    assert script.known(script.only_span(recorded), provider) == ANSWERED | {"gen_ai.provider.name": "azure.ai.openai"}


def test_a_path_written_by_hand(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(script.answer(script.completion()), script.answer({"object": "list", "data": []}))

    client.post("chat/completions", body=dict(script.ask), cast_to=ChatCompletion)
    client.post("/chat/completions/files", body={}, cast_to=object)

    assert script.known(script.only_span(recorded), provider) == ANSWERED


def test_two_servers_of_one_client(recorded: Recording, provider: Provider, client: Any, script: Script) -> None:
    provider.answers(*[script.answer(script.completion())] * 2)

    client.chat.completions.create(**script.ask)
    client.base_url = f"http://localhost:{provider.server_address[1]}/v1/"
    client.chat.completions.create(**script.ask)

    assert [span["attributes"]["server.address"] for span in recorded.spans()] == ["127.0.0.1", "localhost"]
