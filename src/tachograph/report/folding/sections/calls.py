"""The member `calls` of the report: the calls of models, each counted once."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tachograph.journal.coerce import table_of
from tachograph.report.folding.doubles import Counted, fold_doubles
from tachograph.report.folding.section import Section
from tachograph.report.part import Money, Part, Provenance
from tachograph.semconv import aliases, genai

if TYPE_CHECKING:
    from tachograph.report.folding.call import CallFacts
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan
    from tachograph.report.prices import Priced
    from tachograph.report.usage import Usage


class Tokens(Part):
    """Tokens in disjoint classes: input, cache_read, cache_write and output add up to the total.

    Reasoning is a part of the output, the two lifetimes are parts of the cache writes.
    """

    total: int | None = None
    input: int | None = Field(default=None, description="Input that was neither read from nor written to a cache")
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    output: int | None = None
    reasoning: int | None = None


class Amount(Part):
    """Money in one currency."""

    amount: Money
    currency: str


class Call(Part):
    """One call of a model."""

    span_id: str
    trace_id: str
    pid: int
    scope: str | None
    phase: str | None
    iteration: int | None
    provider: str | None
    operation: str
    request_model: str | None
    response_model: str | None
    response_id: str | None
    start_ns: int
    duration_ns: int
    first_chunk_ns: int | None = Field(description="From the request to the first chunk of a stream")
    tokens: Tokens
    provenance: Provenance
    cost: Amount | None
    cost_estimated: bool
    finish_reasons: list[str]
    stream: str | None = Field(description="How a stream ended: complete, abandoned, broken or cancelled")
    attempts: int | None = Field(description="Requests that were sent for it; null if they were not seen")
    retries: int | None = Field(
        description="Attempts after the first; if they were not seen, as the client reports them"
    )
    rate_limited: int | None = Field(description="Attempts answered with 429; null if they were not seen")
    overloaded: int | None = Field(description="Attempts answered with 529; null if they were not seen")
    waited_ns: int | None = Field(description="Time between its attempts; null if they were not seen")
    status: Literal["ok", "error"]
    error_type: str | None
    error_message: str | None
    server: str | None = Field(description="Address and port of the server called")


class Calls(Section[list[Call]]):
    """Reads the calls of models from their spans.

    Attributes
    ----------
    all
        The calls as they were read.
    problems
        Number of calls by what is wrong with their token counts, in a few words.
    """

    keys = frozenset(
        {
            genai.OPERATION_NAME,
            genai.USAGE_INPUT_TOKENS,
            *aliases.ALIASES[genai.OPERATION_NAME],
            *aliases.OPERATIONS,
        }
    )

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self.all: list[CallFacts] = []
        self.problems: Counter[str] = Counter()
        self._folded: Counted | None = None

    def span_end(self, span: EndedSpan) -> None:
        """Note the call, if the span is one."""
        call = span.call
        if call is None:
            return
        self.all.append(call)
        self._folded = None
        if span.problem is not None:
            self.problems[f"{call.model or call.operation}: {span.problem}"] += 1

    @property
    def folded(self) -> Counted:
        """The calls that count, priced, and the spans that repeat them."""
        if self._folded is None:
            self._folded = fold_doubles(self.all)
            for call in self._folded.calls:
                models = list(dict.fromkeys(name for name in (call.response_model, call.request_model) if name))
                call.priced = self.fold.pricer.price(models, call.provider, call.host, call.usage, call.start_ns)
        return self._folded

    @property
    def counted(self) -> list[CallFacts]:
        """The calls that count, in order of their start, priced; once all records have gone by."""
        return self.folded.calls

    @cached_property
    def unfinished(self) -> int:
        """Number of calls that were open when their process died; their cost is unknown."""
        remaining = self.fold.open_spans.remaining()
        return sum(1 for span in remaining if aliases.model_operation(table_of(span.record.get("attributes"))))

    def report(self) -> list[Call]:
        """The calls that count, in order of their start."""
        return [_call(call) for call in self.counted]


def tokens_of(usage: Usage) -> Tokens:
    """The tokens of a usage as a part of the report."""
    return Tokens.model_validate(usage, from_attributes=True)


def amount_of(priced: Priced | None) -> Amount | None:
    """The price of a call as a part of the report, None if it is unknown."""
    if priced is None or priced.amount is None or priced.applied is None:
        return None
    return Amount(amount=plain(priced.amount), currency=priced.applied.currency)


def plain(amount: Decimal) -> Decimal:
    """The amount without trailing zeros, which depend on where the price comes from."""
    return amount.normalize() if amount else Decimal(0)


def _call(call: CallFacts) -> Call:
    priced = call.priced
    server = call.host if call.host is None or call.port is None else f"{call.host}:{call.port}"
    return Call(
        span_id=call.span_id,
        trace_id=call.trace_id,
        pid=call.pid,
        scope=call.scope,
        phase=call.ancestry.phase,
        iteration=call.ancestry.iteration,
        provider=call.provider,
        operation=call.operation,
        request_model=call.request_model,
        response_model=call.response_model,
        response_id=call.response_id,
        start_ns=call.start_ns,
        duration_ns=call.duration_ns,
        first_chunk_ns=call.first_chunk_ns,
        tokens=tokens_of(call.usage),
        provenance=call.provenance,
        cost=amount_of(priced),
        cost_estimated=call.provenance == "estimated" and priced is not None and priced.amount is not None,
        finish_reasons=call.finish_reasons,
        stream=call.stream,
        attempts=call.attempts.number,
        retries=call.attempts.retries,
        rate_limited=call.attempts.rate_limited,
        overloaded=call.attempts.overloaded,
        waited_ns=call.attempts.waited_ns,
        status="error" if call.failed else "ok",
        error_type=call.error_type,
        error_message=call.error_message,
        server=server,
    )
