"""Tokens of one call in disjoint classes, from whatever names and habits its emitter has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tachograph.semconv import aliases, genai, quirks, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.report.part import Provenance

_PROVENANCES: dict[object, Provenance] = {
    tacho.PROVENANCE_REPORTED: "reported",
    tacho.PROVENANCE_ESTIMATED: "estimated",
    tacho.PROVENANCE_MISSING: "missing",
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

    @property
    def all_input(self) -> int | None:
        """Input with what was read from and written to caches, None where it is not known."""
        return None if self.input is None else self.input + (self.cache_read or 0) + (self.cache_write or 0)

    def add(self, other: Usage) -> None:
        """Add what is known of another's."""
        # Written out: it is done three times for each call.
        self.total = _sum(self.total, other.total)
        self.input = _sum(self.input, other.input)
        self.cache_read = _sum(self.cache_read, other.cache_read)
        self.cache_write = _sum(self.cache_write, other.cache_write)
        self.cache_write_5m = _sum(self.cache_write_5m, other.cache_write_5m)
        self.cache_write_1h = _sum(self.cache_write_1h, other.cache_write_1h)
        self.output = _sum(self.output, other.output)
        self.reasoning = _sum(self.reasoning, other.reasoning)


def _sum(one: int | None, other: int | None) -> int | None:
    return one if other is None else (one or 0) + other


CLASSES = tuple(field.name for field in fields(Usage))
"""The classes of tokens, and their parts."""


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
    names = (
        genai.USAGE_INPUT_TOKENS,
        genai.USAGE_CACHE_READ,
        tacho.CACHE_WRITE_5M,
        tacho.CACHE_WRITE_1H,
        genai.USAGE_CACHE_WRITE,
        genai.USAGE_OUTPUT_TOKENS,
        genai.USAGE_REASONING,
    )
    told = aliases.usage_table(attributes)
    given, read, short, long, write, output, reasoning = (_count(attributes, name, told) for name in names)
    if not given and not output and not (scope or "").startswith(tacho.SCOPE_PREFIX):
        # Others write 0 where the provider gave no account; no call has neither input nor output.
        given = read = short = long = write = output = reasoning = None
    if write is None and (short is not None or long is not None):
        write = (short or 0) + (long or 0)

    problem: str | None = None
    plain = given
    if given is not None and not quirks.excludes_caches(scope):
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
    provenance = _PROVENANCES.get(attributes.get(tacho.TOKENS_PROVENANCE))
    if provenance is None:
        provenance = "missing" if given is None and output is None else "reported"
        if provenance == "reported" and _is_doubtful(attributes, scope, read):
            provenance = "estimated"
    return usage, provenance, problem


def _is_doubtful(attributes: Mapping[str, object], scope: str | None, read: int | None) -> bool:
    """Whether the counts of an emitter are known to be off, or to lack what is needed to price them."""
    if quirks.miscounts_streams(scope):
        return aliases.is_stream(attributes)
    return quirks.lacks_caches(scope) and read is None


def _count(attributes: Mapping[str, object], name: str, told: Mapping[str, int]) -> int | None:
    value = aliases.read(attributes, name)
    if value is None:
        value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A negative count is no count.
    return int(value) if 0 <= value < 1 << 62 else None
