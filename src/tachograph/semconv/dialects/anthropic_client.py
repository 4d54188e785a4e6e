"""The spans that the Anthropic client makes by itself."""

from tachograph.semconv import genai, tacho
from tachograph.semconv.dialects.dialect import Dialect

DIALECT = Dialect(
    tool="Anthropic client",
    aliases={
        genai.RESPONSE_FINISH_REASONS: ("anthropic.message.stop_reason",),
        tacho.CACHE_WRITE_5M: ("anthropic.usage.cache_creation.ephemeral_5m_input_tokens",),
        tacho.CACHE_WRITE_1H: ("anthropic.usage.cache_creation.ephemeral_1h_input_tokens",),
    },
)
