"""Instrumentation scopes of others that have to be known by name."""

ANTHROPIC_CLIENT = "com.anthropic.sdk.python"
"""The spans that the Anthropic client makes by itself."""

OF_CALLS = (
    "opentelemetry.instrumentation.openai",
    "opentelemetry.instrumentation.anthropic",
    "openinference.instrumentation.",
    "logfire.openai_agents",
    "langfuse-sdk",
)
"""What the scopes begin with whose spans tell of calls of models, where that cannot be seen when they start."""

OPENLLMETRY_ANTHROPIC = "opentelemetry.instrumentation.anthropic"
"""It adds what a stream says of its output at its start to what it says at its end, which is all of it:
https://github.com/traceloop/openllmetry/tree/main/packages/opentelemetry-instrumentation-anthropic"""

WITHOUT_CACHES = (
    "opentelemetry.instrumentation.openai_v2",
    "openinference.instrumentation.openai_agents",
    "logfire.openai_agents",
)
"""They know the input of a chat completion and not how much of it was cached: the first does not read it, and OpenAI's
agents do not hand it to the others."""

CLAUDE_CODE = "com.anthropic.claude_code"
"""Its input counts leave out what was read from and written to caches."""
