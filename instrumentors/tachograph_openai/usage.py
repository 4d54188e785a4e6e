"""Token counts: the provider's account of a call in the terms of the GenAI conventions.

OpenAI's input counts include what was read from and written to a cache, its output counts the reasoning.
Source: https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.instrument.endpoint import count_or_none, members
from tachograph.semconv import genai, tachograph

if TYPE_CHECKING:
    from collections.abc import Iterable

_BYTES_PER_TOKEN = 4


def add_usage(into: dict[str, Any], usage: object) -> bool:
    """Add the token counts of a call to its attributes, each only where it is known, and where they come from.

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
    own = members(usage)
    old = "prompt_tokens" in own
    sent = count_or_none(own.get("prompt_tokens" if old else "input_tokens"))
    received = count_or_none(own.get("completion_tokens" if old else "output_tokens"))
    if sent is None and received is None:
        into[tachograph.TOKENS_PROVENANCE] = tachograph.PROVENANCE_MISSING
        return False
    into[genai.USAGE_INPUT_TOKENS] = sent
    into[genai.USAGE_OUTPUT_TOKENS] = received
    details = own.get("prompt_tokens_details" if old else "input_tokens_details")
    if details is not None:
        of_input = members(details)
        into[genai.USAGE_CACHE_READ] = count_or_none(of_input.get("cached_tokens"))
        into[genai.USAGE_CACHE_WRITE] = count_or_none(of_input.get("cache_write_tokens"))
    details = own.get("completion_tokens_details" if old else "output_tokens_details")
    if details is not None:
        into[genai.USAGE_REASONING] = count_or_none(members(details).get("reasoning_tokens"))
    into[tachograph.TOKENS_PROVENANCE] = tachograph.PROVENANCE_REPORTED
    return True


def add_estimate(into: dict[str, Any], seen: Iterable[str]) -> None:
    """Estimate the output of a stream that ended without an account: a token per four bytes of UTF-8, rounded up.

    Parameters
    ----------
    into
        The attributes. Where nothing was seen the counts stay missing; of the input nothing is known.
    seen
        The text that was received.
    """
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in seen)
    if size:
        into[genai.USAGE_OUTPUT_TOKENS] = -(-size // _BYTES_PER_TOKEN)
        into[tachograph.TOKENS_PROVENANCE] = tachograph.PROVENANCE_ESTIMATED
