"""Tokens of one call in disjoint classes, from whatever names and habits its emitter has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

from tachograph.semconv import aliases, genai
from tachograph.semconv import tachograph as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.report.model import Provenance

# Their input counts leave out what was read from and written to caches; the conventions want it included.
_SCOPES_WITHOUT_CACHES = ("com.anthropic.claude_code",)

_PROVENANCES: dict[object, Provenance] = {
    t.PROVENANCE_REPORTED: "reported",
    t.PROVENANCE_ESTIMATED: "estimated",
    t.PROVENANCE_MISSING: "missing",
}


@dataclass(slots=True)
class Usage:
    """Tokens of a call or of many; None means unknown."""

    total: int | None = None
    input: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None

    def add(self, other: Usage) -> None:
        """Add what is known of another's."""
        for name in _NAMES:
            more = cast("int | None", getattr(other, name))
            if more is not None:
                setattr(self, name, (getattr(self, name) or 0) + more)


_NAMES = tuple(field.name for field in fields(Usage))


def read_usage(
    attributes: Mapping[str, object], scope: str | None, operation: str
) -> tuple[Usage, Provenance, str | None]:
    """The tokens of a model call, where they come from, and what is wrong with them, if something is.

    Parameters
    ----------
    attributes
        The attributes of the span, under names of any age.
    scope
        The instrumentation scope that emitted it.
    operation
        The GenAI operation.
    """
    given = _count(attributes, genai.USAGE_INPUT_TOKENS)
    read = _count(attributes, genai.USAGE_CACHE_READ)
    short = _count(attributes, t.CACHE_WRITE_5M)
    long = _count(attributes, t.CACHE_WRITE_1H)
    write = _count(attributes, genai.USAGE_CACHE_WRITE)
    output = _count(attributes, genai.USAGE_OUTPUT_TOKENS)
    reasoning = _count(attributes, genai.USAGE_REASONING)
    if write is None and (short is not None or long is not None):
        write = (short or 0) + (long or 0)

    problem: str | None = None
    plain = given
    if given is not None and not (scope or "").startswith(_SCOPES_WITHOUT_CACHES):
        plain = given - (read or 0) - (write or 0)
        if plain < 0:
            problem = f"{given} input tokens cannot hold {(read or 0) + (write or 0)} read from and written to caches"
            plain = 0
    if reasoning is not None and output is not None and reasoning > output:
        problem = f"{output} output tokens cannot hold {reasoning} of reasoning"
        reasoning = output

    total: int | None = None
    if plain is not None and (output is not None or operation == genai.OPERATION_EMBEDDINGS):
        total = plain + (read or 0) + (write or 0) + (output or 0)
    usage = Usage(total, plain, read, write, short, long, output, reasoning)
    provenance = _PROVENANCES.get(attributes.get(t.TOKENS_PROVENANCE))
    if provenance is None:
        provenance = "missing" if given is None and output is None else "reported"
    return usage, provenance, problem


def _count(attributes: Mapping[str, object], name: str) -> int | None:
    value = aliases.read(attributes, name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A negative count is no count.
    return int(value) if 0 <= value < 1 << 62 else None
