"""Names that the GenAI conventions had before, and names of their metrics that tools write as attributes of spans."""

from tachograph.semconv import genai
from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="older GenAI conventions",
    aliases={
        genai.PROVIDER_NAME: ("gen_ai.system",),
        genai.USAGE_INPUT_TOKENS: ("gen_ai.usage.prompt_tokens",),
        genai.USAGE_OUTPUT_TOKENS: ("gen_ai.usage.completion_tokens",),
        genai.USAGE_CACHE_WRITE: ("gen_ai.usage.cache_creation.input_tokens",),
        genai.RESPONSE_TIME_TO_FIRST_CHUNK: (
            "gen_ai.server.time_to_first_token",
            "gen_ai.response.time_to_first_token",
            genai.METRIC_TIME_TO_FIRST_CHUNK,
        ),
    },
    content=("gen_ai.prompt", "gen_ai.completion", "gen_ai.content.", "gen_ai.event.content"),
    content_names=("events", "content", "body", "prompt", "completion", "message.content"),
)
