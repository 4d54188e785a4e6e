"""The lines of a journal: what every record carries, and the framing of sealed values.

A line is framed from two kinds of text that never mix: ours (type, time, ids), written as it is, and the program's,
which arrives here as JSON that the sealer has already been over.
"""

from __future__ import annotations

import os
import time
from typing import Any, Literal, TypedDict, get_args

SCHEMA_VERSION = 1
"""The version of the journal's format; readers refuse a newer one."""

RecordType = Literal["run", "process", "scope", "span.start", "span.end", "event", "metric", "content"]

_SECOND = 1_000_000_000
_KINDS: tuple[str, ...] = get_args(RecordType)


class Record(TypedDict, total=False):
    """One record as it is read back. Which keys are present depends on ``type``; docs/journal.md has the table."""

    type: str
    ts: str
    run: str
    pid: int
    redacted: dict[str, int]
    # run, process
    state: str
    schema_version: int
    role: str
    facts: dict[str, Any]
    outcome: str | None
    reason: str | None
    exit_code: int | None
    signal: str | None
    dropped: dict[str, int]
    ppid: int
    child_pid: int
    python: str
    executable: str
    command: list[str]
    resource: dict[str, Any]
    end_ns: int
    # scope
    version: str
    schema_url: str
    # spans
    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str
    start_ns: int
    sampled: bool
    trace_state: str
    duration_ns: int
    status: str
    description: str
    thread: str
    scope: str
    attributes: dict[str, Any]
    events: list[dict[str, Any]]
    links: list[dict[str, str]]
    link_attributes: list[dict[str, Any]]
    # event
    time_ns: int
    fields: dict[str, Any]
    observed_ns: int
    severity: int
    severity_text: str
    body: Any
    own_provider: bool
    # metric
    unit: str
    points: list[dict[str, Any]]
    point_attributes: list[dict[str, Any]]
    temporality: str
    monotonic: bool
    # content
    id: str
    prev: str | None
    part_ids: list[str]
    finish_reason: str
    parts: list[dict[str, Any]]


class Frame:
    """Builds the lines of one process of one run.

    Parameters
    ----------
    run_id
        The run's UUID4.
    """

    __slots__ = ("_common", "_second", "run_id")

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        # Most records fall into the second of the one before. One member, as threads share it.
        self._second = _beginnings(0)
        self.after_fork()

    def after_fork(self) -> None:
        """Take the process id anew."""
        self._common = f'"run":"{self.run_id}","pid":{os.getpid()}'

    def line(self, kind: RecordType, own: str, sealed: bytes, tally: dict[str, int], at_ns: int | None = None) -> bytes:
        """One record with its newline.

        Parameters
        ----------
        kind
            The record's type.
        own
            Further members of ours as JSON without braces, each with a comma in front, e.g. ``,"span_id":"…"``.
        sealed
            The program's members: a JSON object as the sealer gave it.
        tally
            What was redacted in it, type to count.
        at_ns
            The time of the record in ns since the epoch; None means now.
        """
        if at_ns is None:
            at_ns = time.time_ns()
        start, heads = self._second
        rest = at_ns - start
        if not 0 <= rest < _SECOND:
            start, heads = self._second = _beginnings(at_ns)
            rest = at_ns - start
        if tally:
            counts = ",".join(f'"{name}":{count}' for name, count in tally.items())
            own = f'{own},"redacted":{{{counts}}}'
        # The digits of the microseconds: formatting a number with zeros in front costs five times as much.
        digits = str(rest + _SECOND)[1:7]
        head = f'{heads[kind]}{digits}Z",{self._common}{own}'.encode()
        if sealed == b"{}":
            return head + b"}\n"
        return b"".join((head, b",", sealed[1:], b"\n"))


def _beginnings(at_ns: int) -> tuple[int, dict[str, str]]:
    """The second of a time, in ns, and how records of it begin."""
    start = at_ns - at_ns % _SECOND
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start // _SECOND))
    return start, {kind: f'{{"type":"{kind}","ts":"{text}.' for kind in _KINDS}
