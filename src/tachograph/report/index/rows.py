"""What an index gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tachograph.journal.transcript import Place


class SpanRow(NamedTuple):
    """A span.

    Attributes
    ----------
    start_ns, end_ns
        In ns since the epoch; no end is None, it is open.
    status
        ``unset``, ``ok`` or ``error``.
    place
        Its `span.end` record or, while it is open, its `span.start`.
    start_place
        Its `span.start` record, None if there is none.
    """

    span_id: str
    trace_id: str
    parent_id: str | None
    name: str
    scope: str | None
    kind: str
    pid: int
    start_ns: int
    end_ns: int | None
    status: str
    place: Place
    start_place: Place | None


class EventRow(NamedTuple):
    """An event.

    Attributes
    ----------
    time_ns
        When it happened, in ns since the epoch.
    severity
        Of a record of the Logs API, 0 to 24; None of others.
    """

    time_ns: int
    name: str
    pid: int
    span_id: str | None
    severity: int | None
    place: Place


class CallRow(NamedTuple):
    """A call of a model.

    Attributes
    ----------
    span
        Its span.
    repeats
        The span of the call that this one repeats and is not counted for; None if it counts.
    is_settled
        Whether no call is open that it may repeat. It is final once the run is over: a span that shows only at its end
        that it is a call can be one more that it repeats, or that repeats it.
    """

    span: SpanRow
    repeats: str | None
    is_settled: bool
