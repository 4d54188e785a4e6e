"""Token counts as OpenAI and Anthropic give them with an answer, which some tools copy into one attribute.

They are read into the names of the conventions, with their arithmetic: input includes caches, output includes
reasoning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE_CLASSES = {
    "cache_read_input_tokens": genai.USAGE_CACHE_READ,
    "cache_creation_input_tokens": genai.USAGE_CACHE_WRITE,
}
"""Input that Anthropic counts apart from the rest."""

# Where the two shapes keep the details of their sums.
_INPUT_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_OUTPUT_DETAILS = ("completion_tokens_details", "output_tokens_details")
_LIFETIMES = {"ephemeral_5m_input_tokens": tacho.CACHE_WRITE_5M, "ephemeral_1h_input_tokens": tacho.CACHE_WRITE_1H}


def provider_usage(usage: Mapping[str, Any]) -> dict[str, int]:
    """The token counts of a provider's table, by the names of the conventions.

    Parameters
    ----------
    usage
        The table, as the member ``usage`` of an answer.
    """
    counts: dict[str, int] = {}
    _put(counts, genai.USAGE_INPUT_TOKENS, usage, "prompt_tokens", "input_tokens")
    _put(counts, genai.USAGE_OUTPUT_TOKENS, usage, "completion_tokens", "output_tokens")
    for name, key in CACHE_CLASSES.items():
        _put(counts, key, usage, name)
        # The conventions count as input what is counted apart here.
        if key in counts and genai.USAGE_INPUT_TOKENS in counts and "prompt_tokens" not in usage:
            counts[genai.USAGE_INPUT_TOKENS] += counts[key]
    for name in _INPUT_DETAILS:
        details = _table(usage.get(name))
        _put(counts, genai.USAGE_CACHE_READ, details, "cached_tokens")
        _put(counts, genai.USAGE_CACHE_WRITE, details, "cache_write_tokens")
    for name in _OUTPUT_DETAILS:
        _put(counts, genai.USAGE_REASONING, _table(usage.get(name)), "reasoning_tokens")
    for name, key in _LIFETIMES.items():
        _put(counts, key, _table(usage.get("cache_creation")), name)
    return counts


def is_count(value: object) -> bool:
    """Whether a value is a number of tokens.

    Parameters
    ----------
    value
        Any value of a table of counts.
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _put(counts: dict[str, int], key: str, usage: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if key not in counts and is_count(usage.get(name)):
            counts[key] = usage[name]


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
