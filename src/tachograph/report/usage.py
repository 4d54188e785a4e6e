"""Reads the tokens of a call in disjoint classes, whatever attributes its emitter uses."""

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
    """Tokens of one call, or the sum of several; None means unknown."""

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
        """All input tokens, including those read from and written to caches; None if unknown."""
        return None if self.input is None else self.input + (self.cache_read or 0) + (self.cache_write or 0)

    def add(self, other: Usage) -> None:
        """Add the counts of another usage, as far as they are known."""
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
"""The names of the counts of a usage."""


def read_usage(
    attributes: Mapping[str, object], scope: str | None, operation: str
) -> tuple[Usage, Provenance, str | None]:
    """The tokens of a model call, where they come from, and what is wrong with them; None if nothing is.

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
    usage_table = aliases.usage_table(attributes)
    all_input, read, short, long, write, output, reasoning = (_count(attributes, name, usage_table) for name in names)
    if not all_input and not output and not (scope or "").startswith(tacho.SCOPE_PREFIX):
        # Other tools write 0 if the provider reported no usage; every call has input or output.
        all_input = read = short = long = write = output = reasoning = None
    if write is None and (short is not None or long is not None):
        write = (short or 0) + (long or 0)

    problem: str | None = None
    plain_input = all_input
    if all_input is not None and not quirks.excludes_caches(scope):
        plain_input = all_input - (read or 0) - (write or 0)
        if plain_input < 0:
            problem = f"{all_input} input tokens cannot include {(read or 0) + (write or 0)} cached tokens"
            plain_input = 0
    if reasoning is not None and output is not None and reasoning > output:
        problem = f"{output} output tokens cannot include {reasoning} reasoning tokens"
        reasoning = output

    total: int | None = None
    if plain_input is not None and (output is not None or operation == genai.OPERATION_EMBEDDINGS):
        total = plain_input + (read or 0) + (write or 0) + (output or 0)
    usage = Usage(total, plain_input, read, write, short, long, output, reasoning)
    provenance = _PROVENANCES.get(attributes.get(tacho.TOKENS_PROVENANCE))
    if provenance is None:
        provenance = "missing" if all_input is None and output is None else "reported"
        if provenance == "reported" and _is_doubtful(attributes, scope, read):
            provenance = "estimated"
    return usage, provenance, problem


def _is_doubtful(attributes: Mapping[str, object], scope: str | None, read: int | None) -> bool:
    """Whether the counts of an emitter are known to be wrong, or to lack the cached tokens."""
    if quirks.miscounts_streams(scope):
        return aliases.is_stream(attributes)
    return quirks.lacks_caches(scope) and read is None


def _count(attributes: Mapping[str, object], name: str, usage_table: Mapping[str, int]) -> int | None:
    value = aliases.read(attributes, name)
    if value is None:
        value = usage_table.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A negative or absurdly large number is no count.
    return int(value) if 0 <= value < 1 << 62 else None
