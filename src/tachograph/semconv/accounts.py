"""Token counts that an emitter puts into one attribute, as JSON: the provider's own account, or a table of classes.

Some have no names for the classes at all, others give input and output by name and leave caches to the account. Both
are read into the names of the conventions, with their arithmetic: input includes caches, output includes reasoning.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNTS = ("gen_ai.usage.raw", "langfuse.observation.usage_details")
"""The attributes: of Logfire, the account as the provider gave it; of Langfuse, that or a table of its own."""

# Where the two shapes of providers' accounts keep the details of their sums.
_INPUT_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_OUTPUT_DETAILS = ("completion_tokens_details", "output_tokens_details")
# Input that Anthropic counts apart from the rest.
_APART = {"cache_read_input_tokens": genai.USAGE_CACHE_READ, "cache_creation_input_tokens": genai.USAGE_CACHE_WRITE}
_LIFETIMES = {"ephemeral_5m_input_tokens": tacho.CACHE_WRITE_5M, "ephemeral_1h_input_tokens": tacho.CACHE_WRITE_1H}
# Langfuse's own table has classes that exclude each other; these have a name of the conventions.
_CLASSES = {
    **_APART,
    "input_cached_tokens": genai.USAGE_CACHE_READ,
    "input_cache_read": genai.USAGE_CACHE_READ,
    "input_cache_creation": genai.USAGE_CACHE_WRITE,
    "input_cache_write_tokens": genai.USAGE_CACHE_WRITE,
    "output_reasoning": genai.USAGE_REASONING,
    "output_reasoning_tokens": genai.USAGE_REASONING,
}
_LONGEST = 10_000


def account(attributes: Mapping[str, object]) -> dict[str, int]:
    """The token counts of the first account among the attributes, by the names of the conventions; empty without one.

    Parameters
    ----------
    attributes
        The attributes of a span.
    """
    for name in ACCOUNTS:
        text = attributes.get(name)
        if isinstance(text, str) and len(text) < _LONGEST:
            try:
                loaded: object = json.loads(text)
            except ValueError:
                continue
            if isinstance(loaded, dict):
                told = cast("dict[str, Any]", loaded)
                return _classes(told) if {"input", "output"} & told.keys() else _providers(told)
    return {}


def _providers(told: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    _put(found, genai.USAGE_INPUT_TOKENS, told, "prompt_tokens", "input_tokens")
    _put(found, genai.USAGE_OUTPUT_TOKENS, told, "completion_tokens", "output_tokens")
    for name, key in _APART.items():
        _put(found, key, told, name)
        # What is counted apart the conventions count as input, too.
        if key in found and genai.USAGE_INPUT_TOKENS in found and "prompt_tokens" not in told:
            found[genai.USAGE_INPUT_TOKENS] += found[key]
    for name in _INPUT_DETAILS:
        details = _table(told.get(name))
        _put(found, genai.USAGE_CACHE_READ, details, "cached_tokens")
        _put(found, genai.USAGE_CACHE_WRITE, details, "cache_write_tokens")
    for name in _OUTPUT_DETAILS:
        _put(found, genai.USAGE_REASONING, _table(told.get(name)), "reasoning_tokens")
    for name, key in _LIFETIMES.items():
        _put(found, key, _table(told.get("cache_creation")), name)
    return found


def _classes(told: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in told.items():
        # Those of a service tier say again what the others say.
        if not _is_count(value) or "priority" in name:
            continue
        if name.startswith("input") or name in _APART:
            found[genai.USAGE_INPUT_TOKENS] = found.get(genai.USAGE_INPUT_TOKENS, 0) + value
        elif name.startswith("output"):
            found[genai.USAGE_OUTPUT_TOKENS] = found.get(genai.USAGE_OUTPUT_TOKENS, 0) + value
        if name in _CLASSES:
            found[_CLASSES[name]] = value
    return found


def _put(found: dict[str, int], key: str, told: dict[str, Any], *names: str) -> None:
    for name in names:
        if key not in found and _is_count(told.get(name)):
            found[key] = told[name]


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
