"""All dialects that are read; if two have a name for one attribute, that of the first is looked up first."""

from tachograph.semconv.dialects import (
    anthropic_client,
    claude_code,
    langfuse,
    logfire,
    older_conventions,
    openinference,
    openllmetry,
    opentelemetry_contrib,
    pydantic_ai,
    vercel_ai,
)
from tachograph.semconv.dialects.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    older_conventions.DIALECT,
    opentelemetry_contrib.DIALECT,
    openllmetry.DIALECT,
    pydantic_ai.DIALECT,
    logfire.DIALECT,
    openinference.DIALECT,
    anthropic_client.DIALECT,
    claude_code.DIALECT,
    langfuse.DIALECT,
    vercel_ai.DIALECT,
)
