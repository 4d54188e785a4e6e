"""OpenInference, the instrumentations of Arize. https://github.com/Arize-ai/openinference"""

from tachograph.semconv import genai
from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="OpenInference",
    scopes=("openinference.instrumentation.",),
    aliases={
        genai.PROVIDER_NAME: ("llm.provider", "llm.system"),
        genai.REQUEST_MODEL: ("llm.request.model_name", "llm.model_name", "embedding.model_name"),
        genai.RESPONSE_MODEL: ("llm.response.model_name",),
        genai.RESPONSE_FINISH_REASONS: ("llm.finish_reason",),
        genai.USAGE_INPUT_TOKENS: ("llm.token_count.prompt",),
        genai.USAGE_OUTPUT_TOKENS: ("llm.token_count.completion",),
        genai.USAGE_CACHE_READ: ("llm.token_count.prompt_details.cache_read",),
        genai.USAGE_CACHE_WRITE: ("llm.token_count.prompt_details.cache_write",),
        genai.USAGE_REASONING: ("llm.token_count.completion_details.reasoning",),
    },
    operations={
        "openinference.span.kind": {"LLM": genai.OPERATION_CHAT, "EMBEDDING": genai.OPERATION_EMBEDDINGS},
    },
    content=(
        "input.value",
        "output.value",
        "llm.input_messages",
        "llm.output_messages",
        "llm.invocation_parameters",
        "llm.prompt_template",
        "llm.function_call",
        "llm.tools",
        "tool.parameters",
        "retrieval.documents",
        "reranker.input_documents",
        "reranker.output_documents",
        "embedding.embeddings",
    ),
    # OpenAI's agents do not hand on how much of the input was cached.
    without_caches=("openinference.instrumentation.openai_agents",),
)
