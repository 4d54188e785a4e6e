"""Names of the GenAI semantic conventions (`semantic-conventions-genai`, development status, November 2026).

Source: https://github.com/open-telemetry/semantic-conventions-genai
"""

from tachograph.semconv._registry import Family

_a = Family("gen_ai")

OPERATION_NAME = _a("gen_ai.operation.name", "string", "plain", "What was asked for: chat, embeddings, execute_tool, …")
PROVIDER_NAME = _a("gen_ai.provider.name", "string", "text", "Who served the call, e.g. openai, anthropic")
CONVERSATION_ID = _a("gen_ai.conversation.id", "string", "text", "The conversation or thread the call belongs to")

REQUEST_MODEL = _a("gen_ai.request.model", "string", "text", "The model that was asked for")
REQUEST_TEMPERATURE = _a("gen_ai.request.temperature", "double", "plain", "Sampling temperature")
REQUEST_TOP_P = _a("gen_ai.request.top_p", "double", "plain", "Nucleus sampling share")
REQUEST_TOP_K = _a("gen_ai.request.top_k", "double", "plain", "Number of candidates sampled from")
REQUEST_MAX_TOKENS = _a("gen_ai.request.max_tokens", "int", "plain", "Most output tokens allowed")
REQUEST_SEED = _a("gen_ai.request.seed", "int", "plain", "Seed of the sampler")
REQUEST_STOP_SEQUENCES = _a("gen_ai.request.stop_sequences", "string[]", "text", "Strings that end the answer")
REQUEST_FREQUENCY_PENALTY = _a("gen_ai.request.frequency_penalty", "double", "plain", "Frequency penalty")
REQUEST_PRESENCE_PENALTY = _a("gen_ai.request.presence_penalty", "double", "plain", "Presence penalty")
REQUEST_CHOICE_COUNT = _a("gen_ai.request.choice.count", "int", "plain", "Number of answers asked for, if not 1")
REQUEST_STREAM = _a("gen_ai.request.stream", "boolean", "plain", "Whether the answer was asked for as a stream")
REQUEST_ENCODING_FORMATS = _a(
    "gen_ai.request.encoding_formats", "string[]", "text", "Encodings of embeddings asked for"
)
OUTPUT_TYPE = _a("gen_ai.output.type", "string", "plain", "text, json, image or speech")

RESPONSE_ID = _a("gen_ai.response.id", "string", "text", "The provider's id of the answer")
RESPONSE_MODEL = _a("gen_ai.response.model", "string", "text", "The model that answered")
RESPONSE_FINISH_REASONS = _a("gen_ai.response.finish_reasons", "string[]", "text", "Why each answer ended")
RESPONSE_TIME_TO_FIRST_CHUNK = _a(
    "gen_ai.response.time_to_first_chunk", "double", "plain", "Seconds from the request to the first chunk of a stream"
)

USAGE_INPUT_TOKENS = _a(
    "gen_ai.usage.input_tokens", "int", "plain", "Input tokens, cache reads and cache writes included"
)
USAGE_OUTPUT_TOKENS = _a("gen_ai.usage.output_tokens", "int", "plain", "Output tokens, reasoning included")
USAGE_CACHE_READ = _a("gen_ai.usage.cache_read.input_tokens", "int", "plain", "Input tokens read from a cache")
USAGE_CACHE_WRITE = _a("gen_ai.usage.cache_write.input_tokens", "int", "plain", "Input tokens written to a cache")
USAGE_REASONING = _a(
    "gen_ai.usage.reasoning.output_tokens", "int", "plain", "Output tokens spent on reasoning, part of the output"
)

TOKEN_TYPE = _a("gen_ai.token.type", "string", "plain", "input or output; of the metric of tokens")

INPUT_MESSAGES = _a("gen_ai.input.messages", "any", "content", "The messages sent")
OUTPUT_MESSAGES = _a("gen_ai.output.messages", "any", "content", "The messages received")
SYSTEM_INSTRUCTIONS = _a("gen_ai.system_instructions", "any", "content", "Instructions apart from the chat history")
TOOL_DEFINITIONS = _a("gen_ai.tool.definitions", "any", "content", "The tools offered to the model")

EMBEDDINGS_DIMENSION_COUNT = _a("gen_ai.embeddings.dimension.count", "int", "plain", "Dimensions of an embedding")

TOOL_NAME = _a("gen_ai.tool.name", "string", "text", "Name of the tool executed")
TOOL_CALL_ID = _a("gen_ai.tool.call.id", "string", "text", "The id of the tool call the model made")
TOOL_CALL_ARGUMENTS = _a("gen_ai.tool.call.arguments", "any", "content", "Arguments of the tool call")
TOOL_CALL_RESULT = _a("gen_ai.tool.call.result", "any", "content", "Result of the tool call")

METRIC_TOKEN_USAGE = "gen_ai.client.token.usage"  # noqa: S105 - of models
METRIC_OPERATION_DURATION = "gen_ai.client.operation.duration"
METRIC_TIME_TO_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk"

OPERATION_CHAT = "chat"
OPERATION_TEXT_COMPLETION = "text_completion"
OPERATION_EMBEDDINGS = "embeddings"
OPERATION_GENERATE_CONTENT = "generate_content"
OPERATION_EXECUTE_TOOL = "execute_tool"
OPERATION_INVOKE_AGENT = "invoke_agent"

MODEL_OPERATIONS = frozenset(
    {OPERATION_CHAT, OPERATION_TEXT_COMPLETION, OPERATION_EMBEDDINGS, OPERATION_GENERATE_CONTENT}
)
"""Operations that call a model: the only ones whose tokens are summed."""

PROVIDER_OPENAI = "openai"
PROVIDER_AZURE_OPENAI = "azure.ai.openai"
PROVIDER_ANTHROPIC = "anthropic"
PROVIDER_AWS_BEDROCK = "aws.bedrock"
PROVIDER_GCP_VERTEX_AI = "gcp.vertex_ai"
