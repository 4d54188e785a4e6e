"""OpenLLMetry, the instrumentations of Traceloop.

Its scopes are named as those of OpenTelemetry's contrib repository. https://github.com/traceloop/openllmetry
"""

from tachograph.semconv import genai
from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="OpenLLMetry",
    scopes=("opentelemetry.instrumentation.openai", "opentelemetry.instrumentation.anthropic"),
    aliases={
        genai.OPERATION_NAME: ("llm.request.type",),
        genai.REQUEST_MODEL: ("llm.request.model",),
        genai.RESPONSE_MODEL: ("llm.response.model",),
        genai.RESPONSE_ID: ("llm.response.id",),
        genai.REQUEST_STREAM: ("gen_ai.is_streaming", "llm.is_streaming"),
        genai.USAGE_INPUT_TOKENS: ("llm.usage.prompt_tokens",),
        genai.USAGE_OUTPUT_TOKENS: ("llm.usage.completion_tokens",),
        genai.USAGE_CACHE_READ: ("gen_ai.usage.cache_read_input_tokens",),
        genai.USAGE_CACHE_WRITE: ("gen_ai.usage.cache_creation_input_tokens",),
        genai.USAGE_REASONING: ("gen_ai.usage.reasoning_tokens",),
    },
    operation_words={"completion": genai.OPERATION_TEXT_COMPLETION, "embedding": genai.OPERATION_EMBEDDINGS},
    content=("traceloop.entity.input", "traceloop.entity.output", "llm.prompts", "llm.completions"),
    # A stream reports all of its output tokens at its end; the tokens it reports at its start are added to them:
    # https://github.com/traceloop/openllmetry/tree/main/packages/opentelemetry-instrumentation-anthropic
    doubtful_streams=("opentelemetry.instrumentation.anthropic",),
)
