"""What other tools write of a call, read: the attributes as each of them writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tachograph.report import fold

if TYPE_CHECKING:
    from pathlib import Path


class Read(NamedTuple):
    """A call as the report has it; tokens in classes that exclude each other."""

    provider: str | None
    operation: str
    model: str | None
    response_id: str | None
    input: int | None
    cache_read: int | None
    cache_write: int | None
    output: int | None
    reasoning: int | None
    provenance: str
    finish_reasons: list[str]


def read(run_dir: Path) -> list[Read]:
    """The calls of the report."""
    return [
        Read(
            call.provider,
            call.operation,
            call.response_model or call.request_model,
            call.response_id,
            call.tokens.input,
            call.tokens.cache_read,
            call.tokens.cache_write,
            call.tokens.output,
            call.tokens.reasoning,
            call.provenance,
            call.finish_reasons,
        )
        for call in fold(run_dir).calls
    ]


# An answer of OpenAI's with 63 tokens of input, 41 of them cached, and 22 of output, 16 of them reasoning.
_OPENAI_ACCOUNT = {
    "prompt_tokens": 63,
    "completion_tokens": 22,
    "total_tokens": 85,
    "prompt_tokens_details": {"cached_tokens": 41, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 16, "audio_tokens": 0},
}
# The same by its newer API.
_RESPONSES_ACCOUNT = {
    "input_tokens": 63,
    "input_tokens_details": {"cached_tokens": 41, "cache_write_tokens": 0},
    "output_tokens": 22,
    "output_tokens_details": {"reasoning_tokens": 16},
    "total_tokens": 85,
}
# An answer of Anthropic's: 15 tokens of input beside 107 that were written to a cache and 30 that were read.
_ANTHROPIC_ACCOUNT = {
    "cache_creation": {"ephemeral_1h_input_tokens": 7, "ephemeral_5m_input_tokens": 100},
    "cache_creation_input_tokens": 107,
    "cache_read_input_tokens": 30,
    "input_tokens": 15,
    "output_tokens": 22,
    "service_tier": "standard",
}
_CHAT = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5.1"}

SPANS: dict[str, tuple[str, dict[str, Any], Read]] = {
    "otel": (
        "opentelemetry.instrumentation.genai.openai",
        {
            **_CHAT,
            "gen_ai.response.id": "r",
            "gen_ai.response.model": "gpt-5.1",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.usage.input_tokens": 63,
            "gen_ai.usage.output_tokens": 22,
            "gen_ai.usage.cache_read.input_tokens": 41,
            "gen_ai.usage.reasoning.output_tokens": 16,
        },
        Read("openai", "chat", "gpt-5.1", "r", 22, 41, None, 22, 16, "reported", ["stop"]),
    ),
    "openllmetry": (
        "opentelemetry.instrumentation.openai.v1",
        {
            **_CHAT,
            "gen_ai.is_streaming": False,
            "gen_ai.response.id": "r",
            "gen_ai.usage.total_tokens": 85,
            "gen_ai.usage.input_tokens": 63,
            "gen_ai.usage.output_tokens": 22,
            "gen_ai.usage.cache_read.input_tokens": 41,
            "gen_ai.usage.reasoning_tokens": 16,
        },
        Read("openai", "chat", "gpt-5.1", "r", 22, 41, None, 22, 16, "reported", []),
    ),
    "openllmetry, of before": (
        "opentelemetry.instrumentation.openai.v1",
        {
            "llm.request.type": "chat",
            "gen_ai.system": "OpenAI",
            "gen_ai.request.model": "gpt-5.1",
            "gen_ai.usage.prompt_tokens": 63,
            "gen_ai.usage.completion_tokens": 22,
            "llm.usage.total_tokens": 85,
            "gen_ai.usage.cache_read_input_tokens": 41,
        },
        Read("OpenAI", "chat", "gpt-5.1", None, 22, 41, None, 22, None, "reported", []),
    ),
    "openllmetry, a stream of Anthropic's": (
        "opentelemetry.instrumentation.anthropic",
        {
            "gen_ai.provider.name": "anthropic",
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "claude-sonnet-4-6",
            "gen_ai.is_streaming": True,
            "gen_ai.response.id": "m",
            "gen_ai.usage.input_tokens": 152,
            "gen_ai.usage.output_tokens": 23,
            "gen_ai.usage.cache_read.input_tokens": 30,
            "gen_ai.usage.cache_creation.input_tokens": 107,
        },
        Read("anthropic", "chat", "claude-sonnet-4-6", "m", 15, 30, 107, 23, None, "estimated", []),
    ),
    "openinference": (
        "openinference.instrumentation.openai",
        {
            "openinference.span.kind": "LLM",
            "llm.system": "openai",
            "llm.model_name": "gpt-5.1",
            "llm.token_count.total": 85,
            "llm.token_count.prompt": 63,
            "llm.token_count.completion": 22,
            "llm.token_count.prompt_details.cache_read": 41,
            "llm.token_count.completion_details.reasoning": 16,
            "llm.finish_reason": "stop",
        },
        Read("openai", "chat", "gpt-5.1", None, 22, 41, None, 22, 16, "reported", ["stop"]),
    ),
    "openinference, Anthropic": (
        "openinference.instrumentation.anthropic",
        {
            "openinference.span.kind": "LLM",
            "llm.provider": "anthropic",
            "llm.request.model_name": "claude-sonnet-4-6",
            "llm.model_name": "claude-sonnet-4-6",
            "llm.response.model_name": "claude-sonnet-4-6-20260301",
            "llm.token_count.prompt": 152,
            "llm.token_count.completion": 22,
            "llm.token_count.prompt_details.cache_read": 30,
            "llm.token_count.prompt_details.cache_write": 107,
        },
        Read("anthropic", "chat", "claude-sonnet-4-6-20260301", None, 15, 30, 107, 22, None, "reported", []),
    ),
    "openinference, embeddings": (
        "openinference.instrumentation.openai",
        {
            "openinference.span.kind": "EMBEDDING",
            "llm.system": "openai",
            "embedding.model_name": "text-embedding-3-small",
            "llm.token_count.prompt": 4,
            "llm.token_count.total": 4,
        },
        Read("openai", "embeddings", "text-embedding-3-small", None, 4, None, None, None, None, "reported", []),
    ),
    "openinference, agents without a count of what was cached": (
        "openinference.instrumentation.openai_agents",
        {
            "openinference.span.kind": "LLM",
            "llm.system": "openai",
            "llm.model_name": "gpt-5.1",
            "llm.token_count.prompt": 63,
            "llm.token_count.completion": 22,
        },
        Read("openai", "chat", "gpt-5.1", None, 63, None, None, 22, None, "estimated", []),
    ),
    "logfire": (
        "logfire.openai",
        {
            **_CHAT,
            "gen_ai.system": "openai",
            "logfire.span_type": "span",
            "gen_ai.response.id": "r",
            "gen_ai.usage.input_tokens": 63,
            "gen_ai.usage.output_tokens": 22,
            "gen_ai.usage.raw": json.dumps(_OPENAI_ACCOUNT),
            "gen_ai.response.finish_reasons": '["stop"]',
            "operation.cost": 0.00009,
        },
        Read("openai", "chat", "gpt-5.1", "r", 22, 41, None, 22, 16, "reported", ["stop"]),
    ),
    "logfire, Anthropic": (
        "logfire.anthropic",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "anthropic",
            "gen_ai.request.model": "claude-sonnet-4-6",
            "gen_ai.usage.input_tokens": 152,
            "gen_ai.usage.output_tokens": 22,
            "gen_ai.usage.raw": json.dumps(_ANTHROPIC_ACCOUNT),
        },
        Read("anthropic", "chat", "claude-sonnet-4-6", None, 15, 30, 107, 22, None, "reported", []),
    ),
    "logfire, agents whose stream had no account": (
        "logfire.openai_agents",
        {
            "gen_ai.system": "openai",
            "gen_ai.request.model": "gpt-5.1",
            "gen_ai.usage.input_tokens": 0,
            "gen_ai.usage.output_tokens": 0,
        },
        Read("openai", "chat", "gpt-5.1", None, None, None, None, None, None, "missing", []),
    ),
    "langfuse": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-5.1",
            "langfuse.observation.usage_details": json.dumps(_OPENAI_ACCOUNT),
            "langfuse.observation.metadata.finish_reason": '"stop"',
        },
        Read(None, "chat", "gpt-5.1", None, 22, 41, None, 22, 16, "reported", ["stop"]),
    ),
    "langfuse, the newer API": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-5.1",
            "langfuse.observation.usage_details": json.dumps(_RESPONSES_ACCOUNT),
        },
        Read(None, "chat", "gpt-5.1", None, 22, 41, 0, 22, 16, "reported", []),
    ),
    "langfuse, an account that says caches in both ways": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-5.1",
            "langfuse.observation.usage_details": json.dumps(
                {
                    "prompt_tokens": 63,
                    "completion_tokens": 22,
                    "prompt_tokens_details": {"cached_tokens": 41},
                    "cache_read_input_tokens": 41,
                    "cache_creation_input_tokens": 0,
                }
            ),
        },
        Read(None, "chat", "gpt-5.1", None, 22, 41, 0, 22, None, "reported", []),
    ),
    "langfuse, classes of its own": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-5.1",
            "langfuse.observation.usage_details": json.dumps(
                {
                    "input": 20,
                    "input_cache_read": 41,
                    "input_audio": 2,
                    "input_priority": 63,
                    "output": 6,
                    "output_reasoning": 16,
                    "total": 85,
                }
            ),
        },
        Read(None, "chat", "gpt-5.1", None, 22, 41, None, 22, 16, "reported", []),
    ),
    "langfuse, embeddings": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "embedding",
            "langfuse.observation.model.name": "text-embedding-3-small",
            "langfuse.observation.usage_details": '{"input": 4}',
        },
        Read(None, "embeddings", "text-embedding-3-small", None, 4, None, None, None, None, "reported", []),
    ),
    "langfuse, an account that is none": (
        "langfuse-sdk",
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-5.1",
            "langfuse.observation.usage_details": '{"input": 2',
        },
        Read(None, "chat", "gpt-5.1", None, None, None, None, None, None, "missing", []),
    ),
    "pydantic-ai": (
        "pydantic-ai",
        {
            **_CHAT,
            "gen_ai.response.id": "r",
            "gen_ai.usage.input_tokens": 63,
            "gen_ai.usage.output_tokens": 22,
            "gen_ai.usage.cache_read.input_tokens": 41,
            "gen_ai.usage.details.cache_read_tokens": 41,
            "gen_ai.usage.details.reasoning_tokens": 16,
        },
        Read("openai", "chat", "gpt-5.1", "r", 22, 41, None, 22, 16, "reported", []),
    ),
    "the Anthropic client itself": (
        "com.anthropic.sdk.python",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "anthropic",
            "gen_ai.request.model": "claude-sonnet-4-6",
            "gen_ai.response.id": "m",
            "gen_ai.usage.input_tokens": 152,
            "gen_ai.usage.cache_write.input_tokens": 107,
            "gen_ai.usage.cache_read.input_tokens": 30,
            "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 100,
            "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 7,
            "gen_ai.usage.output_tokens": 22,
            "anthropic.message.stop_reason": "end_turn",
        },
        Read("anthropic", "chat", "claude-sonnet-4-6", "m", 15, 30, 107, 22, None, "reported", ["end_turn"]),
    ),
}


@pytest.mark.parametrize(("scope", "attributes", "wanted"), SPANS.values(), ids=SPANS)
def test_a_call_as_others_write_it(
    alone: Any, run_dir: Path, scope: str, attributes: dict[str, Any], wanted: Read
) -> None:
    alone.start("a", 1, "call", None, scope)
    alone.end("a", 1, 2, "call", None, scope, attributes)
    alone.run_end(3)

    assert read(run_dir) == [wanted]
    assert fold(run_dir).warnings == []


@pytest.mark.parametrize("scope", ["logfire.anthropic", "com.anthropic.sdk.python"])
def test_caches_of_both_lifetimes_are_apart(alone: Any, run_dir: Path, scope: str) -> None:
    (attributes,) = [given for known, given, _ in SPANS.values() if known == scope]
    alone.end("a", 1, 2, "call", None, scope, attributes)
    alone.run_end(3)

    (call,) = fold(run_dir).calls
    assert (call.tokens.cache_write_5m, call.tokens.cache_write_1h) == (100, 7)


AROUND: dict[str, dict[str, Any]] = {
    "pydantic-ai, an agent": {
        "gen_ai.operation.name": "invoke_agent",
        "model_name": "gpt-5.1",
        "gen_ai.aggregated_usage.input_tokens": 630,
        "gen_ai.usage.input_tokens": 630,
        "gen_ai.usage.output_tokens": 60,
    },
    "openinference, a chain": {"openinference.span.kind": "CHAIN", "llm.token_count.prompt": 630},
    "openinference, an agent": {"openinference.span.kind": "AGENT", "llm.token_count.prompt": 630},
    "langfuse, an agent": {
        "langfuse.observation.type": "agent",
        "langfuse.observation.usage_details": '{"input": 630, "output": 60}',
    },
    "logfire, a turn": {"gen_ai.system": "openai", "usage": '{"input_tokens": 630, "output_tokens": 60}'},
    "openllmetry, a workflow": {"traceloop.span.kind": "workflow", "traceloop.entity.name": "everything"},
    "OTel, a workflow": {"gen_ai.operation.name": "invoke_workflow", "gen_ai.usage.input_tokens": 630},
}


@pytest.mark.parametrize("attributes", AROUND.values(), ids=AROUND)
def test_what_repeats_its_calls_is_no_call(alone: Any, run_dir: Path, attributes: dict[str, Any]) -> None:
    alone.start("a", 1, "agent", None, "theirs", **attributes)
    alone.call("b", 1, 2, "a", "theirs")
    alone.end("a", 1, 3, "agent", None, "theirs", attributes)
    alone.run_end(4)

    report = fold(run_dir)
    assert ([call.span_id for call in report.calls], report.tokens.sum.total) == (["b".rjust(16, "0")], 1100)
    assert report.doubles == []
