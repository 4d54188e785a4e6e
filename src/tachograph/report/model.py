"""What a run's journals fold to: one document per run, versioned, with a published JSON Schema.

A number that is not known is null, never 0. Times are ns since the epoch, durations ns, money is a decimal in a string.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from tachograph.run_status import RunStatus  # noqa: TC001 - pydantic reads the annotation

Provenance = Literal["reported", "estimated", "missing"]

ProcessEnd = Literal["ended", "killed", "idle", "lost", "running"]

Money = Annotated[
    Decimal,
    Field(strict=False, allow_inf_nan=False),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Run(_Part):
    """What is known of the run itself."""

    id: str = Field(description="UUID4 of the run")
    name: str = Field(description="The name it is listed under")
    task: str | None = Field(default=None, description="Path or identifier of the task")
    goal: str | None = Field(default=None, description="What the task asks for")
    task_type: str | None = Field(default=None, description="Kind of task, e.g. bugfix")
    role: str | None = Field(default=None, description="The part the program plays, e.g. implementer")
    command: list[str] = Field(description="The command with its arguments")
    directory: str | None = Field(default=None, description="Working directory")
    facts: dict[str, Any] = Field(description="Host, OS, Python, CI, git and what else was said of the run")


class Outcome(_Part):
    """How the run ended."""

    status: RunStatus
    reason: str | None = Field(default=None, description="In a few words, why")
    exit_code: int | None = Field(default=None, description="Exit code of the command")
    signal: str | None = Field(default=None, description="Name of the signal that ended it, e.g. SIGKILL")


class Tokens(_Part):
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


class ProvenanceCounts(_Part):
    """How many calls have token counts from where."""

    reported: int = 0
    estimated: int = 0
    missing: int = 0


class Amount(_Part):
    """Money in one currency."""

    amount: Money
    currency: str


class Share(_Part):
    """What one model, or one iteration, took of the run."""

    calls: int
    tokens: Tokens
    provenance: ProvenanceCounts
    costs: list[Amount] = Field(description="What is known of the cost, one entry a currency")
    unpriced: int = Field(description="Calls whose cost is unknown")


class TokenReport(_Part):
    """The tokens of the run."""

    sum: Tokens = Field(description="Sum over the calls of what is known")
    complete: bool = Field(description="Whether every call has its counts")
    provenance: ProvenanceCounts


class Rates(_Part):
    """Prices that were applied, per million tokens."""

    model: str
    provider: str | None
    currency: str
    source: str = Field(description="Where they come from: genai-prices with its version, or the user's rates")
    since: str | None = Field(default=None, description="First day they are valid, where the source says so")
    rates: dict[str, Money] = Field(description="Class of tokens to price per million")
    calls: int = Field(description="Calls priced with them")


class Unpriced(_Part):
    """Calls whose cost is unknown, and why."""

    model: str | None
    reason: str
    calls: int


class CostReport(_Part):
    """The cost of the run."""

    total: Money | None = Field(description="null where nothing could be priced, or in several currencies")
    currency: str | None
    totals: list[Amount] = Field(description="The known cost, one entry a currency")
    complete: bool = Field(description="Whether every call is priced; otherwise the total is a lower bound")
    estimated: bool = Field(description="Whether estimated token counts are part of it")
    rates: list[Rates]
    unpriced: list[Unpriced]
    notes: list[str] = Field(description="What to know of the prices, e.g. a class of tokens without a rate of its own")


class Phase(_Part):
    """One phase, over all of its occurrences.

    ``self_ns`` partitions the run's time: at each instant it belongs to the phase that was opened last among those
    open, in whatever thread or process, and to ``other`` where none is; the self times of all phases add up to the
    run's total. ``sum_ns`` adds up the durations of the occurrences, which overlap where phases run side by side.
    """

    name: str
    count: int
    self_ns: int
    sum_ns: int
    average_ns: int | None
    min_ns: int | None
    max_ns: int | None
    share: float = Field(description="self_ns as a part of the run's total, 0 to 1")


class Iteration(Share):
    """One iteration of the program's loop, over all of its occurrences."""

    number: int
    count: int
    sum_ns: int


class ModelShare(Share):
    """What one model took of the run."""

    model: str | None
    provider: str | None


class Timing(_Part):
    """Where the time went."""

    start_ns: int
    end_ns: int | None = Field(description="null while the run is running")
    total_ns: int = Field(description="From the start to the end or, where that is unknown, to the last sign of life")
    phases: list[Phase] = Field(description="By self time, longest first")
    iterations: list[Iteration]


class Call(_Part):
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
    attempts: int | None = Field(description="Requests that were sent for it; null where they were not seen")
    retries: int | None = Field(description="Attempts beyond the first; where they were not seen, as the client says")
    rate_limited: int | None = Field(description="Attempts answered with 429; null where they were not seen")
    overloaded: int | None = Field(description="Attempts answered with 529; null where they were not seen")
    waited_ns: int | None = Field(description="Time between its attempts; null where they were not seen")
    status: Literal["ok", "error"]
    error_type: str | None
    error_message: str | None
    server: str | None = Field(description="Address and port of the server called")


class ErrorReport(_Part):
    """One error, or several of the same type and text."""

    type: str
    message: str | None
    count: int
    handled: bool = Field(description="Whether the program went on; false where the error ended a process")
    span: str | None = Field(description="Name of the innermost span it passed through")
    where: str | None = Field(description="file:line function, where known")
    phase: str | None
    iteration: int | None
    pid: int
    first_ns: int
    last_ns: int


class OpenSpan(_Part):
    """A span that was begun and never ended."""

    span_id: str
    trace_id: str
    name: str
    pid: int
    thread: str | None
    phase: str | None
    iteration: int | None
    start_ns: int
    open_ns: int = Field(description="How long it had been open when the run ended or was last heard of")
    at_least: bool = Field(description="Whether the moment of death is unknown, so that it was open for longer")
    process: ProcessEnd = Field(description="How the process it was open in ended")


class Process(_Part):
    """One recorded process.

    A process ``ended`` if it recorded its end, or if its parent saw it leave with an exit code or by a signal that asks
    for an end (SIGTERM, SIGINT, SIGHUP) while nothing was open in it. It was ``killed`` if its parent saw any other
    signal, or something was open. If nobody recorded how it ended, it is ``idle`` or ``lost``: ``idle`` if nothing was
    open in it and its parent, which is recorded, ended in order after the last record of it.
    """

    pid: int
    ppid: int | None
    role: str | None
    command: list[str]
    python: str | None
    start_ns: int
    end_ns: int | None
    end: ProcessEnd
    exit_code: int | None = Field(default=None, description="Exit code, where its parent recorded it")
    signal: str | None = Field(default=None, description="Name of the signal that ended it, where known")


class EventReport(_Part):
    """Events of one name."""

    name: str
    count: int
    first_ns: int
    last_ns: int


class Dropped(_Part):
    """What is missing in the journals."""

    records: int = Field(default=0, description="Records that could not be written")
    faults: int = Field(default=0, description="Records lost to a fault of the recorder")
    torn_lines: int = Field(default=0, description="Lines that cannot be read")
    rotated_files: int = Field(default=0, description="Files deleted by rotation")
    unreadable_files: int = Field(default=0, description="Files that cannot be opened")
    missing_ends: int = Field(default=0, description="Processes that were killed or lost")


class Double(_Part):
    """Spans of a second layer around calls that were counted once."""

    kept: str | None = Field(description="Scope whose span was counted")
    folded: str | None = Field(description="Scope whose span was not")
    calls: int


class Sent(_Part):
    """What has become of one signal that is sent on over OTLP."""

    signal: Literal["traces", "logs", "metrics"]
    endpoint: str = Field(description="Where it goes, without credentials; empty where nothing could be sent")
    sent: int = Field(description="Spans, log records or exports of metrics that the receiver took")
    refused: int = Field(description="Those it refused for good")
    waiting: int = Field(description="Those that were still to be sent when sending ended")
    failure: str | None = Field(description="Why the last attempt failed; null where it did not")
    refusal: str | None = Field(description="Why it refused some; null where it did not")


class RunReport(_Part):
    """The report of one run."""

    schema_version: Literal[1] = 1
    made_by: str = Field(description="The version of tachograph that folded it")
    run: Run
    outcome: Outcome
    tokens: TokenReport
    cost: CostReport
    timing: Timing
    models: list[ModelShare] = Field(description="By number of calls, most first")
    calls: list[Call] = Field(description="In order of their start")
    errors: list[ErrorReport]
    open_spans: list[OpenSpan] = Field(description="Oldest first")
    spans: int = Field(description="Spans that ended")
    processes: list[Process]
    events: list[EventReport]
    redactions: dict[str, int] = Field(description="Type to count")
    secrets: dict[str, int] = Field(
        default={}, description="Type to number of different values, for types whose markers have tags"
    )
    doubles: list[Double]
    sent: list[Sent] = Field(default=[], description="By signal; empty where nothing is sent on")
    dropped: Dropped
    warnings: list[str]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``report.json``."""
    schema = RunReport.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
