"""Older and foreign names of the attributes we read, one table.

On write the newest names are used; on read an attribute that is missing under its name is looked up under these, in
order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    genai.PROVIDER_NAME: ("gen_ai.system", "llm.provider", "llm.system"),
    genai.OPERATION_NAME: ("llm.request.type",),
    genai.REQUEST_MODEL: (
        "llm.request.model",
        "llm.request.model_name",
        "llm.model_name",
        "embedding.model_name",
        "langfuse.observation.model.name",
    ),
    genai.RESPONSE_MODEL: ("llm.response.model", "llm.response.model_name"),
    genai.RESPONSE_ID: ("llm.response.id",),
    genai.RESPONSE_FINISH_REASONS: (
        "llm.finish_reason",
        "anthropic.message.stop_reason",
        "langfuse.observation.metadata.finish_reason",
    ),
    genai.REQUEST_STREAM: ("gen_ai.is_streaming", "llm.is_streaming"),
    genai.USAGE_INPUT_TOKENS: ("gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens", "llm.token_count.prompt"),
    genai.USAGE_OUTPUT_TOKENS: (
        "gen_ai.usage.completion_tokens",
        "llm.usage.completion_tokens",
        "llm.token_count.completion",
    ),
    genai.USAGE_CACHE_READ: (
        "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.details.cache_read_tokens",
        "llm.token_count.prompt_details.cache_read",
    ),
    genai.USAGE_CACHE_WRITE: (
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.details.cache_write_tokens",
        "llm.token_count.prompt_details.cache_write",
    ),
    tacho.CACHE_WRITE_5M: ("anthropic.usage.cache_creation.ephemeral_5m_input_tokens",),
    tacho.CACHE_WRITE_1H: ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens",),
    genai.USAGE_REASONING: (
        "gen_ai.usage.details.reasoning_tokens",
        "gen_ai.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
    ),
    genai.RESPONSE_TIME_TO_FIRST_CHUNK: (
        "gen_ai.server.time_to_first_token",
        "gen_ai.response.time_to_first_token",
        "gen_ai.client.operation.time_to_first_chunk",
    ),
}

OPERATIONS: Mapping[str, Mapping[str, str]] = {
    "openinference.span.kind": {"LLM": genai.OPERATION_CHAT, "EMBEDDING": genai.OPERATION_EMBEDDINGS},
    "langfuse.observation.type": {
        "generation": genai.OPERATION_CHAT,
        "embedding": genai.OPERATION_EMBEDDINGS,
    },
}
"""Attributes that say in words of their own what an operation is; with any other word it is no call of a model."""

# What older emitters call the operations of the conventions.
_OLDER_WORDS = {"completion": genai.OPERATION_TEXT_COMPLETION, "embedding": genai.OPERATION_EMBEDDINGS}


def read(attributes: Mapping[str, object], name: str) -> object | None:
    """The value of an attribute under its name or, failing that, under the first older name that is present."""
    if name in attributes:
        return attributes[name]
    for alias in ALIASES.get(name, ()):
        if alias in attributes:
            return attributes[alias]
    return None


def operation(attributes: Mapping[str, object]) -> str | None:
    """The operation of a span in the words of the conventions, None where nothing tells of one."""
    value = read(attributes, genai.OPERATION_NAME)
    if isinstance(value, str):
        return _OLDER_WORDS.get(value, value)
    for name, words in OPERATIONS.items():
        value = attributes.get(name)
        if isinstance(value, str):
            return words.get(value)
    return None


def model_operation(attributes: Mapping[str, object]) -> str | None:
    """The operation of a span that calls a model, None for any other span.

    A span that says nothing of its operation is taken for a chat where it names a model and counts its tokens.
    """
    named = operation(attributes)
    if named is None and genai.REQUEST_MODEL in attributes and genai.USAGE_INPUT_TOKENS in attributes:
        return genai.OPERATION_CHAT
    return named if named in genai.MODEL_OPERATIONS else None


def is_stream(attributes: Mapping[str, object]) -> bool:
    """Whether the answer was asked for as a stream, as far as the span tells."""
    return read(attributes, genai.REQUEST_STREAM) is True


def late_ns(attributes: Mapping[str, object]) -> int | None:
    """Of what Logfire tells of a stream once it has ended: how long it took, in ns; None for any other span."""
    taken = attributes.get("duration")
    if attributes.get("logfire.span_type") != "log" or isinstance(taken, bool) or not isinstance(taken, int | float):
        return None
    return int(taken * 1e9) if taken >= 0 else None
