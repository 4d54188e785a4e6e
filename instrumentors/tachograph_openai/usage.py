"""Token counts: the provider's account of a call in the terms of the GenAI conventions.

OpenAI's input counts include what was read from and written to a cache, its output counts the reasoning.
Source: https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import members
from tachograph.semconv import genai, tacho

if TYPE_CHECKING:
    from collections.abc import Iterable

_BYTES_PER_TOKEN = 4
# The names that chat completions and embeddings use, and those of responses.
_OLD = ("prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details")
_NEW = ("input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details")


def add_usage(into: dict[str, Any], usage: object) -> bool:
    """Add the token counts of a call to its attributes, each only if it is known, and their provenance.

    Parameters
    ----------
    into
        The attributes.
    usage
        The ``usage`` of an answer, of chat completions (prompt, completion) or of responses (input, output).

    Returns
    -------
    bool
        Whether the provider reported any.
    """
    fields = members(usage)
    old = "prompt_tokens" in fields
    sent, received, of_input, of_output = _OLD if old else _NEW
    reported = False
    count = fields.get(sent)
    if type(count) is int:
        into[genai.USAGE_INPUT_TOKENS] = count
        reported = True
    count = fields.get(received)
    if type(count) is int:
        into[genai.USAGE_OUTPUT_TOKENS] = count
        reported = True
    if not reported:
        into[tacho.TOKENS_PROVENANCE] = tacho.PROVENANCE_MISSING
        return False
    details = fields.get(of_input)
    if details is not None:
        parts = members(details)
        count = parts.get("cached_tokens")
        if type(count) is int:
            into[genai.USAGE_CACHE_READ] = count
        count = parts.get("cache_write_tokens")
        if type(count) is int:
            into[genai.USAGE_CACHE_WRITE] = count
    details = fields.get(of_output)
    if details is not None:
        count = members(details).get("reasoning_tokens")
        if type(count) is int:
            into[genai.USAGE_REASONING] = count
    into[tacho.TOKENS_PROVENANCE] = tacho.PROVENANCE_REPORTED
    return True


def add_estimate(into: dict[str, Any], seen: Iterable[str]) -> None:
    """Estimate the output of a stream that ended without counts: a token per four bytes of UTF-8, rounded up.

    Parameters
    ----------
    into
        The attributes. If there was no text the counts stay missing; those of the input always do.
    seen
        The text that was received.
    """
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in seen)
    if size:
        into[genai.USAGE_OUTPUT_TOKENS] = -(-size // _BYTES_PER_TOKEN)
        into[tacho.TOKENS_PROVENANCE] = tacho.PROVENANCE_ESTIMATED
