"""Langfuse. https://github.com/langfuse/langfuse-python"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.semconv import genai
from tachograph.semconv.dialects.dialect import Dialect
from tachograph.semconv.dialects.provider_usage import CACHE_CLASSES, is_count, provider_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

# Langfuse's table has classes that exclude each other; these have a name in the conventions.
_CLASSES = {
    **CACHE_CLASSES,
    "input_cached_tokens": genai.USAGE_CACHE_READ,
    "input_cache_read": genai.USAGE_CACHE_READ,
    "input_cache_creation": genai.USAGE_CACHE_WRITE,
    "input_cache_write_tokens": genai.USAGE_CACHE_WRITE,
    "output_reasoning": genai.USAGE_REASONING,
    "output_reasoning_tokens": genai.USAGE_REASONING,
}


def _usage(usage: Mapping[str, Any]) -> dict[str, int]:
    """The token counts of Langfuse's table of classes, or of a copy of the provider's table."""
    if not {"input", "output"} & usage.keys():
        return provider_usage(usage)
    counts: dict[str, int] = {}
    for name, value in usage.items():
        # The classes of a service tier repeat the others.
        if not is_count(value) or "priority" in name:
            continue
        if name.startswith("input") or name in CACHE_CLASSES:
            counts[genai.USAGE_INPUT_TOKENS] = counts.get(genai.USAGE_INPUT_TOKENS, 0) + value
        elif name.startswith("output"):
            counts[genai.USAGE_OUTPUT_TOKENS] = counts.get(genai.USAGE_OUTPUT_TOKENS, 0) + value
        if name in _CLASSES:
            counts[_CLASSES[name]] = value
    return counts


DIALECT = Dialect(
    tool="Langfuse",
    scopes=("langfuse-sdk",),
    aliases={
        genai.REQUEST_MODEL: ("langfuse.observation.model.name",),
        genai.RESPONSE_FINISH_REASONS: ("langfuse.observation.metadata.finish_reason",),
    },
    operations={
        "langfuse.observation.type": {
            "generation": genai.OPERATION_CHAT,
            "embedding": genai.OPERATION_EMBEDDINGS,
        },
    },
    content=(
        "langfuse.observation.input",
        "langfuse.observation.output",
        "langfuse.observation.metadata.instructions",
        "langfuse.observation.metadata.tools",
        "langfuse.trace.input",
        "langfuse.trace.output",
    ),
    usage={"langfuse.observation.usage_details": _usage},
)
