"""The records of a journal, one type each, as they are read back; docs/journal.md has the tables.

Only type checkers import this module: a recorded process builds records (:mod:`tachograph.journal.builder`) and never
reads them. A file can hold anything, so readers look at a value before they use it
(:mod:`tachograph.journal.coerce`).
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class _Every(TypedDict):
    ts: str
    run: str
    pid: int
    redacted: NotRequired[dict[str, int]]


class RunRecord(_Every):
    """A record about the run, from the process that opened it or from one that adds to it."""

    type: Literal["run"]
    state: Literal["start", "facts", "outcome", "end"]
    schema_version: NotRequired[int]
    start_ns: NotRequired[int]
    trace_id: NotRequired[str]
    span_id: NotRequired[str]
    parent_id: NotRequired[str | None]
    sampled: NotRequired[bool]
    facts: NotRequired[dict[str, Any]]
    outcome: NotRequired[str | None]
    reason: NotRequired[str | None]
    exit_code: NotRequired[int | None]
    signal: NotRequired[str | None]
    end_ns: NotRequired[int]


class ProcessRecord(_Every):
    """The first line of each file, the last line of a process that ended in order, and how its children ended."""

    type: Literal["process"]
    state: Literal["start", "end", "child", "own_provider"]
    schema_version: NotRequired[int]
    role: NotRequired[str]
    ppid: NotRequired[int]
    start_ns: NotRequired[int]
    python: NotRequired[str]
    executable: NotRequired[str]
    command: NotRequired[list[str]]
    resource: NotRequired[dict[str, Any]]
    end_ns: NotRequired[int]
    dropped: NotRequired[dict[str, int]]
    outcome: NotRequired[str | None]
    reason: NotRequired[str | None]
    exit_code: NotRequired[int | None]
    signal: NotRequired[str | None]
    child_pid: NotRequired[int]


class ScopeRecord(_Every):
    """Version, schema and attributes of an instrumentation scope, which spans do not repeat; written once a file."""

    type: Literal["scope"]
    name: str
    version: NotRequired[str]
    schema_url: NotRequired[str]
    attributes: NotRequired[dict[str, Any]]


class _SpanRecord(_Every):
    trace_id: str
    span_id: str
    parent_id: str | None
    kind: str
    start_ns: int
    sampled: NotRequired[bool]
    name: str
    scope: str | None
    attributes: NotRequired[dict[str, Any]]


class SpanStartRecord(_SpanRecord):
    """A span has started."""

    type: Literal["span.start"]
    thread: str


class SpanEndRecord(_SpanRecord):
    """A span has ended; the record has everything but the thread."""

    type: Literal["span.end"]
    duration_ns: int
    status: Literal["unset", "ok", "error"]
    description: NotRequired[str]
    trace_state: NotRequired[str]
    events: NotRequired[list[dict[str, Any]]]
    links: NotRequired[list[dict[str, str]]]
    link_attributes: NotRequired[list[dict[str, Any]]]


class EventRecord(_Every):
    """An event or, if it has a ``severity``, a log record of the Logs API."""

    type: Literal["event"]
    name: str
    time_ns: int
    trace_id: NotRequired[str]
    span_id: NotRequired[str]
    fields: NotRequired[dict[str, Any]]
    severity: NotRequired[int]
    severity_text: NotRequired[str]
    observed_ns: NotRequired[int]
    scope: NotRequired[str | None]
    body: NotRequired[Any]
    sampled: NotRequired[bool]
    own_provider: NotRequired[bool]


class MetricRecord(_Every):
    """All points of one metric at one collection."""

    type: Literal["metric"]
    name: str
    kind: Literal["gauge", "sum", "histogram", "exponential_histogram"]
    temporality: NotRequired[Literal["delta", "cumulative"]]
    monotonic: NotRequired[bool]
    points: list[dict[str, Any]]
    point_attributes: list[dict[str, Any]]
    unit: str
    description: str
    scope: str | None
    own_provider: NotRequired[bool]


class ContentRecord(_Every):
    """One message; the bodies of its parts are here unless an earlier record has them."""

    type: Literal["content"]
    id: str
    prev: str | None
    part_ids: list[str]
    role: NotRequired[str]
    name: NotRequired[str]
    finish_reason: NotRequired[str]
    parts: NotRequired[list[dict[str, Any]]]


Record = (
    RunRecord
    | ProcessRecord
    | ScopeRecord
    | SpanStartRecord
    | SpanEndRecord
    | EventRecord
    | MetricRecord
    | ContentRecord
)
