"""Older and foreign names of the attributes we read, one table.

On write the newest names are used; on read an attribute that is missing under its name is looked up under these, in
order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.semconv import genai

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    genai.PROVIDER_NAME: ("gen_ai.system", "llm.provider", "llm.system"),
    genai.OPERATION_NAME: ("llm.request.type",),
    genai.REQUEST_MODEL: ("llm.request.model", "llm.model_name", "embedding.model_name"),
    genai.RESPONSE_MODEL: ("llm.response.model",),
    genai.RESPONSE_ID: ("llm.response.id",),
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
    genai.USAGE_REASONING: (
        "gen_ai.usage.details.reasoning_tokens",
        "gen_ai.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
    ),
    genai.RESPONSE_TIME_TO_FIRST_CHUNK: ("gen_ai.server.time_to_first_token", "gen_ai.response.time_to_first_token"),
}


def read(attributes: Mapping[str, object], name: str) -> object | None:
    """The value of an attribute under its name or, failing that, under the first older name that is present."""
    if name in attributes:
        return attributes[name]
    for alias in ALIASES.get(name, ()):
        if alias in attributes:
            return attributes[alias]
    return None
