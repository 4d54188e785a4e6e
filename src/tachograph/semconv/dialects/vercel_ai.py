"""The AI SDK of Vercel. https://ai-sdk.dev/docs/ai-sdk-core/telemetry"""

from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(tool="Vercel AI SDK", content=("ai.prompt", "ai.response.", "ai.toolCall.args", "ai.toolCall.result"))
