"""Whole answers of the messages API as they stand in the journal."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from anthropic import APIConnectionError, APIStatusError, BadRequestError
from pydantic import BaseModel

if TYPE_CHECKING:
    from anthropic import Anthropic, AsyncAnthropic
    from tests.conftest import Recording
    from tests.integration.anthropic.conftest import Provider, Script

ASKED: list[Any] = [{"role": "user", "content": "2+2?"}]


def test_a_plain_call(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.answer(script.message()))

    answer = client.messages.create(
        model="claude-test-1",
        max_tokens=64,
        system="Be brief.",
        messages=ASKED,
        stop_sequences=["END"],
        extra_body={"temperature": 0.5, "top_p": 0.9, "top_k": 5},
    )

    assert answer.content[0].type == "text"
    span = script.only_span(recorded)
    assert {key: span[key] for key in ("name", "kind", "status", "scope", "parent_id")} == {
        "name": "chat claude-test-1",
        "kind": "client",
        "status": "unset",
        "scope": "tachograph.anthropic",
        "parent_id": None,
    }
    assert script.without_content(span) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-test-1",
        "gen_ai.request.max_tokens": 64,
        "gen_ai.request.stop_sequences": ["END"],
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.top_k": 5,
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "claude-test-1-20260101",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
        "server.address": "127.0.0.1",
        "server.port": provider.server_address[1],
        "tachograph.input.message.count": 1,
        "tachograph.usage.provenance": "reported",
    }
    assert script.content(recorded, span) == {
        "input": [{"role": "user", "parts": [{"type": "text", "content": "2+2?"}]}],
        "system": [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]}],
        "output": [{"role": "assistant", "finish_reason": "end_turn", "parts": [{"type": "text", "content": "Four."}]}],
    }


async def test_an_asynchronous_call(
    recorded: Recording, provider: Provider, aclient: AsyncAnthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    await aclient.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    span = script.only_span(recorded)
    assert span["attributes"]["gen_ai.response.id"] == "msg_1"
    assert span["attributes"]["gen_ai.usage.output_tokens"] == 3
    assert script.content(recorded, span)["output"][0]["parts"] == [{"type": "text", "content": "Four."}]


def test_the_beta_messages(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.answer(script.message()))

    client.beta.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED, betas=["x"])

    assert provider.asked[0][1]["anthropic-beta"] == "x"
    assert script.only_span(recorded)["attributes"]["gen_ai.response.id"] == "msg_1"


def test_a_conversation_is_kept_once(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()), script.answer(script.message(id="msg_2")))
    messages = list(ASKED)

    answer = client.messages.create(model="claude-test-1", max_tokens=64, messages=messages)
    messages += [{"role": "assistant", "content": answer.content}, {"role": "user", "content": "Sure?"}]
    client.messages.create(model="claude-test-1", max_tokens=64, messages=messages)

    (_, second) = recorded.spans()
    assert script.content(recorded, second)["input"] == [
        {"role": "user", "parts": [{"type": "text", "content": "2+2?"}]},
        {"role": "assistant", "parts": [{"type": "text", "content": "Four."}]},
        {"role": "user", "parts": [{"type": "text", "content": "Sure?"}]},
    ]
    written = [part for record in recorded.records("content") for part in record["parts"] if "ref" not in part]
    assert [part["content"] for part in written] == ["2+2?", "Four.", "Sure?"]


def test_caches_of_both_lifetimes(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    usage = {
        "input_tokens": 10,
        "output_tokens": 20,
        "output_tokens_details": {"thinking_tokens": 8},
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 300,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
        "service_tier": "priority",
    }
    provider.answers(script.answer(script.message(usage=usage)))

    client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    found = script.only_span(recorded)["attributes"]
    assert {key: value for key, value in found.items() if "usage" in key or "tier" in key} == {
        "gen_ai.usage.input_tokens": 1310,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.reasoning.output_tokens": 8,
        "gen_ai.usage.cache_read.input_tokens": 1000,
        "gen_ai.usage.cache_write.input_tokens": 300,
        "tachograph.usage.cache_write_5m.input_tokens": 100,
        "tachograph.usage.cache_write_1h.input_tokens": 200,
        "tachograph.usage.provenance": "reported",
        "tachograph.response.service_tier": "priority",
    }


def test_tools_thinking_and_files(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    content = [
        {"type": "thinking", "thinking": "Weather it is.", "signature": "EqMDCkYI"},
        {"type": "redacted_thinking", "data": "EmwKAhgB"},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Bern"}},
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "Bern"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "srvtoolu_1",
            "content": [
                {
                    "type": "web_search_result",
                    "title": "Bern",
                    "url": "https://example.com",
                    "encrypted_content": "Eq0",
                    "page_age": None,
                }
            ],
        },
    ]
    provider.answers(script.answer(script.message(content=content, stop_reason="tool_use")))
    asked: list[Any] = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look."},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}},
                {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
                {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A page."}},
            ],
        },
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_0", "name": "now", "input": {}}]},
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "toolu_0",
                    "content": [
                        {"type": "text", "text": "noon"},
                        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}},
                    ],
                },
                {"type": "tool_result", "tool_use_id": "toolu_9", "content": "plain"},
            ],
        },
    ]
    tool: Any = {"name": "weather", "description": "Tells it.", "input_schema": {"type": "object", "properties": {}}}

    client.messages.create(model="claude-test-1", max_tokens=64, messages=asked, tools=[tool])

    span = script.only_span(recorded)
    kept = script.content(recorded, span)
    image = {"type": "blob", "modality": "image", "mime_type": "image/png", "size": 5}
    assert kept["input"] == [
        {
            "role": "user",
            "parts": [
                {"type": "text", "content": "Look."},
                image,
                {"type": "uri", "modality": "image", "uri": "https://example.com/a.png"},
                {"type": "file", "modality": "document", "file_id": "file_1"},
                {"type": "text", "content": "A page."},
            ],
        },
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "toolu_0", "name": "now", "arguments": {}}]},
        {
            "role": "user",
            "parts": [
                {
                    "type": "tool_call_response",
                    "id": "toolu_0",
                    "response": [{"type": "text", "content": "noon"}, image],
                },
                {"type": "tool_call_response", "id": "toolu_9", "response": "plain"},
            ],
        },
    ]
    assert kept["output"] == [
        {
            "role": "assistant",
            "finish_reason": "tool_use",
            "parts": [
                {"type": "reasoning", "content": "Weather it is."},
                {"type": "reasoning"},
                {"type": "tool_call", "id": "toolu_1", "name": "weather", "arguments": {"city": "Bern"}},
                {"type": "tool_call", "id": "srvtoolu_1", "name": "web_search", "arguments": {"query": "Bern"}},
                {
                    "type": "tool_call_response",
                    "id": "srvtoolu_1",
                    "response": [
                        {
                            "type": "web_search_result",
                            "title": "Bern",
                            "url": "https://example.com",
                        }
                    ],
                },
            ],
        }
    ]
    (tools,) = kept["tools"]
    assert tools["parts"] == [
        {
            "type": "tool_definition",
            "name": "weather",
            "content": {"description": "Tells it.", "parameters": {"type": "object", "properties": {}}},
        }
    ]


class City(BaseModel):
    """What is asked for."""

    name: str


def test_a_parsed_answer(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    provider.answers(script.answer(script.message(content=[{"type": "text", "text": '{"name":"Bern"}'}])))

    answer = client.messages.parse(model="claude-test-1", max_tokens=64, messages=ASKED, output_format=City)

    assert answer.parsed_output == City(name="Bern")
    found = script.only_span(recorded)["attributes"]
    assert found["gen_ai.output.type"] == "json"
    assert found["gen_ai.response.id"] == "msg_1"


@pytest.mark.parametrize("status", [400, 429, 529])
def test_a_refusal(recorded: Recording, provider: Provider, client: Anthropic, script: Script, status: int) -> None:
    provider.answers(script.answer({"type": "error", "error": {"type": "some_error", "message": "no"}}, status=status))

    with pytest.raises(APIStatusError) as raised:
        client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    span = script.only_span(recorded)
    kind = type(raised.value)
    assert span["status"] == "error"
    assert span["attributes"]["error.type"] == f"{kind.__module__}.{kind.__qualname__}"
    assert span["attributes"]["http.response.status_code"] == status
    assert [event["name"] for event in span["events"]] == ["exception"]
    assert "gen_ai.usage.input_tokens" not in span["attributes"]


async def test_a_refusal_of_an_asynchronous_call(
    recorded: Recording, provider: Provider, aclient: AsyncAnthropic, script: Script
) -> None:
    provider.answers(script.answer({"type": "error", "error": {"type": "x", "message": "no"}}, status=400))

    with pytest.raises(BadRequestError):
        await aclient.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    assert script.only_span(recorded)["attributes"]["http.response.status_code"] == 400


def test_nobody_answers(recorded: Recording, provider: Provider, client: Anthropic, script: Script) -> None:
    away = client.with_options(base_url="http://127.0.0.1:9")

    with pytest.raises(APIConnectionError):
        away.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    span = script.only_span(recorded)
    assert span["status"] == "error"
    assert "http.response.status_code" not in span["attributes"]


MALFORMED: list[Any] = [
    {"id": "msg_1", "content": [None]},
    {"id": 7, "model": None, "content": "text", "usage": 3, "stop_reason": ["x"]},
    {"content": {"type": "text"}, "usage": {"input_tokens": "many", "output_tokens": -1, "cache_creation": 4}},
    {"content": [{"type": "image"}, {"text": "no type"}, 5, [], {"type": "tool_use", "input": [None]}]},
    {},
    [],
    None,
    "text",
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_answer_comes_out_as_it_would(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script, body: Any
) -> None:
    import tachograph_anthropic

    def outcome() -> str:
        provider.answers(script.answer(body))
        try:
            return repr(client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED))
        except Exception as error:
            return repr(error)

    with_us = outcome()
    tachograph_anthropic.uninstrument()
    assert outcome() == with_us
    (span,) = recorded.spans()[:1]
    assert span["scope"] == "tachograph.anthropic"


def test_what_calls_no_model_is_left_alone(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer({"input_tokens": 5}))

    assert client.messages.count_tokens(model="claude-test-1", messages=ASKED).input_tokens == 5

    assert [span["scope"] for span in recorded.spans()] == ["com.anthropic.sdk.python"]


def test_the_answer_stays_what_it_is(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    answer = client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    assert vars(answer)["_request_id"] == "req_1"
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert answer.model_dump(exclude_unset=True) == script.message()


def test_messages_of_an_iterator_are_read_once_by_the_client(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    client.messages.create(model="claude-test-1", max_tokens=64, messages=iter(ASKED))

    assert provider.asked[0][2]["messages"] == ASKED
    assert "input" not in script.content(recorded, script.only_span(recorded))


def test_a_call_of_a_span_is_its_child(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    provider.answers(script.answer(script.message()))

    with recorded.provider.get_tracer("test").start_as_current_span("outer"):
        client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    (inner, outer) = recorded.spans()
    assert (inner["parent_id"], inner["trace_id"]) == (outer["span_id"], outer["trace_id"])


def test_the_span_is_on_disk_when_the_call_returns(
    recorded: Recording, provider: Provider, client: Anthropic, script: Script
) -> None:
    seen: list[int] = []
    provider.answers(script.answer(script.message()))
    provider.on_request = lambda: seen.append(len(recorded.records("content")))

    client.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    assert seen == [1]
    assert len(recorded.spans()) == 1


def test_vertex_is_named_as_the_provider(recorded: Recording, provider: Provider, script: Script) -> None:
    from anthropic.lib.vertex import AnthropicVertex

    provider.answers(script.answer(script.message()))

    with AnthropicVertex(
        region="x", project_id="p", access_token="t", base_url=provider.url, max_retries=0
    ) as on_vertex:
        on_vertex.messages.create(model="claude-test-1", max_tokens=64, messages=ASKED)

    found = script.only_span(recorded)["attributes"]
    assert found["gen_ai.provider.name"] == "gcp.vertex_ai"
    assert found["gen_ai.request.model"] == "claude-test-1"
