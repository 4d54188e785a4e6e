"""Pydantic AI. https://github.com/pydantic/pydantic-ai"""

from tachograph.semconv import genai
from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="Pydantic AI",
    aliases={
        genai.USAGE_CACHE_READ: ("gen_ai.usage.details.cache_read_tokens",),
        genai.USAGE_CACHE_WRITE: ("gen_ai.usage.details.cache_write_tokens",),
        genai.USAGE_REASONING: ("gen_ai.usage.details.reasoning_tokens",),
    },
    content=(
        "all_messages_events",
        "all_messages",
        "pydantic_ai.all_messages",
        "final_result",
        "tool_arguments",
        "tool_response",
        "model_request_parameters",
    ),
)
