"""Token counts: what the provider reports for a call, in the terms of the GenAI conventions.

Anthropic's `input_tokens` leaves out what was read from and written to a cache; `gen_ai.usage.input_tokens` has it all.
Source: https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import count_or_none, members
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

_BYTES_PER_TOKEN = 4


def add_usage(into: dict[str, Any], usage: Mapping[str, Any], estimated_output: int | None = None) -> None:
    """Add the token counts of a call to its attributes, each only if it is known, and their provenance.

    Parameters
    ----------
    into
        The attributes.
    usage
        The `usage` of an answer; of a stream, the last known value of each of its fields.
    estimated_output
        Output tokens estimated from the text, if the provider reported none.
    """
    uncached = _add(into, genai.USAGE_INPUT_TOKENS, usage.get("input_tokens"))
    read = _add(into, genai.USAGE_CACHE_READ, usage.get("cache_read_input_tokens"))
    written = _add(into, genai.USAGE_CACHE_WRITE, usage.get("cache_creation_input_tokens"))
    output = _add(into, genai.USAGE_OUTPUT_TOKENS, usage.get("output_tokens"))
    if uncached is not None:
        into[genai.USAGE_INPUT_TOKENS] = uncached + (read or 0) + (written or 0)
    lifetimes = usage.get("cache_creation")
    if lifetimes is not None:
        by_lifetime = members(lifetimes)
        _add(into, tacho.CACHE_WRITE_5M, by_lifetime.get("ephemeral_5m_input_tokens"))
        _add(into, tacho.CACHE_WRITE_1H, by_lifetime.get("ephemeral_1h_input_tokens"))
    details = usage.get("output_tokens_details")
    if details is not None:
        _add(into, genai.USAGE_REASONING, members(details).get("thinking_tokens"))
    tier = usage.get("service_tier")
    if isinstance(tier, str):
        into[tacho.SERVICE_TIER] = tier
    provenance = tacho.PROVENANCE_REPORTED
    if estimated_output is not None:
        into[genai.USAGE_OUTPUT_TOKENS] = estimated_output
        provenance = tacho.PROVENANCE_ESTIMATED
    elif output is None and uncached is None:
        provenance = tacho.PROVENANCE_MISSING
    into[tacho.TOKENS_PROVENANCE] = provenance


def _add(into: dict[str, Any], key: str, value: object) -> int | None:
    tokens = count_or_none(value)
    if tokens is not None:
        into[key] = tokens
    return tokens


def estimate(utf8_bytes: int) -> int:
    """Tokens of a text whose count the provider did not report: one per four bytes of UTF-8, rounded up."""
    return -(-utf8_bytes // _BYTES_PER_TOKEN)
