"""Instrumentation scopes of others that the recording itself has to know by name."""

ANTHROPIC_CLIENT = "com.anthropic.sdk.python"
"""The spans that the Anthropic client makes by itself."""
