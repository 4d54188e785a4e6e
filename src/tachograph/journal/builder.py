"""Builds the lines of a journal: one method for each type of record.

A line has two parts that never mix: our members (type, time, ids, numbers), which are written unchanged, and the
program's members, which the sealer turns into JSON here. Nothing of the program gets into a line another way.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, get_args

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMA_VERSION = 1
"""The version of the journal's format; readers refuse a newer one."""

RecordType = Literal["run", "process", "scope", "span.start", "span.end", "event", "metric", "content"]

_SECOND = 1_000_000_000
_TYPES: tuple[str, ...] = get_args(RecordType)
_LONGEST_ID = 32


class Seals(Protocol):
    """The part of the sealer that a builder needs."""

    def json(self, value: object, tally: dict[str, int], /) -> bytes:
        """A value as sealed JSON in one line; what was redacted is counted in the tally, kind to count."""
        ...


class SpanIds(NamedTuple):
    """The ids of a span that a record belongs to, as in W3C Trace Context.

    Attributes
    ----------
    trace_id, span_id
        32 and 16 hexadecimal digits.
    sampled
        Whether it is sent anywhere.
    """

    trace_id: str
    span_id: str
    sampled: bool = True


class RecordBuilder:
    """Builds the records of one process of one run, each a line with its newline.

    Parameters
    ----------
    run_id
        The run's UUID4.
    sealer
        Redacts the members that come from the program.
    pid
        The process the records are about; None means this one, also after a fork.
    """

    __slots__ = ("_common", "_pid", "_seal", "_second", "run_id")

    def __init__(self, run_id: str, sealer: Seals, pid: int | None = None) -> None:
        self.run_id = run_id
        self._seal = sealer.json
        self._pid = pid
        # Most records fall into the same second as the record before. One attribute, because threads share it.
        self._second = _line_heads(0)
        self.after_fork()

    def after_fork(self) -> None:
        """In a forked child, use its process id."""
        pid = os.getpid() if self._pid is None else self._pid
        self._common = f'"run":"{self.run_id}","pid":{pid}'

    def run_start(
        self, facts: Mapping[str, Any], start_ns: int, span: SpanIds | None = None, parent_id: str | None = None
    ) -> bytes:
        """A `run` record: the run has begun.

        Parameters
        ----------
        facts
            What is known of the run.
        start_ns
            When it began, in ns since the epoch.
        span, parent_id
            The span of the run and the id of its parent; None if there is none.
        """
        members = f',"state":"start","schema_version":{SCHEMA_VERSION},"start_ns":{start_ns}'
        if span is not None:
            members += f',"trace_id":"{span.trace_id}","span_id":"{span.span_id}","parent_id":{_quoted(parent_id)}'
            members += "" if span.sampled else ',"sampled":false'
        return self._sealed("run", members, {"facts": facts})

    def run_facts(self, facts: Mapping[str, Any]) -> bytes:
        """A `run` record with more facts; a later value replaces an earlier one of the same name."""
        return self._sealed("run", ',"state":"facts"', {"facts": facts})

    def run_outcome(self, outcome: str, reason: str | None) -> bytes:
        """A `run` record with the outcome that the program reports."""
        return self._sealed("run", ',"state":"outcome"', {"outcome": outcome, "reason": reason})

    def run_end(self, end: Mapping[str, Any], end_ns: int) -> bytes:
        """A `run` record: the run has ended.

        Parameters
        ----------
        end
            ``outcome``, ``reason``, ``exit_code`` and ``signal``, each None if it is not known.
        end_ns
            When it ended, in ns since the epoch.
        """
        return self._sealed("run", f',"state":"end","end_ns":{end_ns}', end)

    def process_start(
        self, process: Mapping[str, Any], *, ppid: int, start_ns: int, resource: Mapping[str, Any], role: str = ""
    ) -> bytes:
        """A `process` record: the process has begun. It is the first line of each file.

        Parameters
        ----------
        process
            ``python`` (version), ``executable`` and ``command``.
        ppid
            The process id of its parent.
        start_ns
            When it began, in ns since the epoch.
        resource
            Attributes of the OpenTelemetry resource.
        role
            The role of the process in the run, e.g. ``launcher``.
        """
        role_member = f',"role":"{role}"' if role else ""
        members = f',"state":"start","schema_version":{SCHEMA_VERSION}{role_member},"ppid":{ppid},"start_ns":{start_ns}'
        return self._sealed("process", members, {**process, "resource": dict(resource)})

    def process_end(self, dropped: Mapping[str, int], end_ns: int, end: Mapping[str, Any] | None = None) -> bytes:
        """A `process` record: the process has ended in order.

        Parameters
        ----------
        dropped
            Number of records that could not be written, by kind; kinds without any are left out.
        end_ns
            When it ended, in ns since the epoch.
        end
            ``outcome`` and ``reason`` if an error ended it, ``signal`` if it is about to end itself with one.
        """
        counts = ",".join(f'"{kind}":{count}' for kind, count in dropped.items() if count)
        return self._sealed("process", f',"state":"end","end_ns":{end_ns},"dropped":{{{counts}}}', end or {})

    def process_child(self, pid: int, end_ns: int, exit_code: int | None, signal: str | None) -> bytes:
        """A `process` record: the process has learned how one of its children ended.

        Parameters
        ----------
        pid
            The process id of the child.
        end_ns
            When its parent learned it, in ns since the epoch.
        exit_code, signal
            The child's exit code, or the name of the signal that ended it; the other is None.
        """
        code = "null" if exit_code is None else exit_code
        members = f',"state":"child","child_pid":{pid},"end_ns":{end_ns},"exit_code":{code},"signal":{_quoted(signal)}'
        return self._line("process", members, b"{}", {})

    def process_own_provider(self) -> bytes:
        """A `process` record: from here on the program's own provider has the spans, and its exporters get them."""
        return self._line("process", ',"state":"own_provider"', b"{}", {})

    def scope(
        self, name: str, version: str | None, schema_url: str | None, attributes: Mapping[str, Any] | None
    ) -> bytes:
        """A `scope` record: version, schema and attributes of an instrumentation scope, which spans do not repeat."""
        members = {"version": version, "schema_url": schema_url, "attributes": dict(attributes or {})}
        return self._sealed("scope", "", {"name": name, **{key: value for key, value in members.items() if value}})

    def span_start(
        self, ids: str, members: dict[str, Any], start_ns: int, content: Sequence[str] = (), prefix: str = ""
    ) -> bytes:
        """A `span.start` record.

        Parameters
        ----------
        ids
            The members that :func:`span_ids` returned.
        members
            ``name``, ``scope``, ``thread`` and, if there are any, ``attributes``.
        start_ns
            When the span started, in ns since the epoch.
        content
            Names of the attributes that hold ids of content.
        prefix
            The prefix of these ids.
        """
        tally: dict[str, int] = {}
        content_ids = b""
        if content:
            members["attributes"], content_ids = _without_content_ids(members["attributes"], content, prefix)
        sealed = self._seal(members, tally)
        if content_ids and sealed.endswith(b"}}"):
            sealed = b"%b%b}}" % (sealed[:-2], content_ids)
        return self._line("span.start", ids, sealed, tally, start_ns)

    def span_end(
        self, ids: str, duration_ns: int, status: str, links: Sequence[SpanIds], members: dict[str, Any], end_ns: int
    ) -> bytes:
        """A `span.end` record.

        Parameters
        ----------
        ids
            The members that :func:`span_ids` returned.
        duration_ns
            Its duration in ns; written as 0 if it is negative, after the clock was set back.
        status
            ``unset``, ``ok`` or ``error``.
        links
            The spans it is linked to.
        members
            ``name``, ``scope`` and, if the span has them, attributes, events, attributes of links and trace state.
        end_ns
            When it ended, in ns since the epoch.
        """
        tally: dict[str, int] = {}
        unsealed = f'{ids},"duration_ns":{max(0, duration_ns)},"status":"{status}"'
        if links:
            unsealed += f',"links":[{_links(links)}]'
        return self._line("span.end", unsealed, self._seal(members, tally), tally, end_ns)

    def event(self, name: str, fields: Mapping[str, Any], time_ns: int, span: SpanIds | None = None) -> bytes:
        """An `event` record.

        Parameters
        ----------
        name
            The name of the event.
        fields
            Details.
        time_ns
            When it happened, in ns since the epoch.
        span
            The span in which it happened.
        """
        members = f',"time_ns":{time_ns}'
        if span is not None:
            members += f',"trace_id":"{span.trace_id}","span_id":"{span.span_id}"'
        return self._sealed("event", members, {"name": name, "fields": fields}, time_ns)

    def log(
        self,
        members: Mapping[str, Any],
        *,
        severity: int,
        time_ns: int,
        observed_ns: int,
        now_ns: int,
        span: SpanIds | None,
        own_provider: bool,
    ) -> bytes:
        """An `event` record for a log record of the Logs API.

        Parameters
        ----------
        members
            ``name``, ``scope`` and, if the log record has them, ``severity_text``, ``body`` and ``fields``.
        severity
            The number of its severity, 0 to 24.
        time_ns, observed_ns
            When it happened and when it was observed, in ns since the epoch, as the program reports it.
        now_ns
            When it was recorded, in ns since the epoch.
        span
            The span it belongs to.
        own_provider
            Whether it comes from a LoggerProvider that the program has set, whose exporters get it.
        """
        unsealed = f',"time_ns":{time_ns},"severity":{severity}'
        if span is not None:
            sampled = "" if span.sampled else ',"sampled":false'
            unsealed += f',"trace_id":"{span.trace_id}","span_id":"{span.span_id}"{sampled}'
        if observed_ns != time_ns:
            unsealed += f',"observed_ns":{observed_ns}'
        if own_provider:
            unsealed += ',"own_provider":true'
        return self._sealed("event", unsealed, members, now_ns)

    def metric(
        self,
        members: Mapping[str, Any],
        points: Sequence[Mapping[str, Any]],
        *,
        kind: str,
        temporality: str | None,
        monotonic: bool | None,
        own_provider: bool,
    ) -> bytes:
        """A `metric` record: all points of one metric.

        Parameters
        ----------
        members
            ``name``, ``unit``, ``description``, ``scope`` and ``point_attributes``, one map a point.
        points
            Their numbers and times. These are not redacted, because some look like the numbers of credit cards.
        kind
            ``gauge``, ``sum``, ``histogram`` or ``exponential_histogram``.
        temporality
            ``delta`` or ``cumulative``; None for a gauge.
        monotonic
            Whether a sum only rises; None for other kinds.
        own_provider
            Whether it comes from a MeterProvider that the program has set, whose exporters get it.
        """
        unsealed = f',"kind":"{kind}"'
        if temporality is not None:
            unsealed += f',"temporality":"{temporality}"'
        if monotonic is not None:
            unsealed += f',"monotonic":{"true" if monotonic else "false"}'
        unsealed += f',"points":{orjson.dumps(points).decode()}'
        if own_provider:
            unsealed += ',"own_provider":true'
        return self._sealed("metric", unsealed, members)

    def content(self, name: str, previous: str | None, part_ids: str, message: Mapping[str, Any]) -> bytes:
        """A `content` record: one message.

        Parameters
        ----------
        name
            The id of the record.
        previous
            The id of the record of the message before it; None if it is the first.
        part_ids
            The ids of the bodies of its parts, with ``","`` between them.
        message
            ``role``, ``parts`` and optionally ``name`` and ``finish_reason``; a part whose body is in an earlier record
            is a reference.
        """
        tally: dict[str, int] = {}
        previous_id = f'"{previous}"' if previous is not None else "null"
        ids = f'"{part_ids}"' if part_ids else ""
        members = f',"id":"{name}","prev":{previous_id},"part_ids":[{ids}]'
        return self._line("content", members, self._seal(message, tally), tally)

    def _sealed(self, kind: RecordType, members: str, value: Mapping[str, Any], at_ns: int | None = None) -> bytes:
        tally: dict[str, int] = {}
        return self._line(kind, members, self._seal(value, tally) if value else b"{}", tally, at_ns)

    def _line(
        self, kind: RecordType, members: str, sealed: bytes, tally: dict[str, int], at_ns: int | None = None
    ) -> bytes:
        """A record as a line.

        Parameters
        ----------
        kind
            The type of the record.
        members
            Our members as JSON without braces, each with a comma in front.
        sealed
            The program's members, a JSON object from the sealer.
        tally
            Number of redacted values, by kind.
        at_ns
            The time of the record in ns since the epoch; None means now.
        """
        if at_ns is None:
            at_ns = time.time_ns()
        start, heads = self._second
        rest = at_ns - start
        if not 0 <= rest < _SECOND:
            start, heads = self._second = _line_heads(at_ns)
            rest = at_ns - start
        if tally:
            counts = ",".join(f'"{name}":{count}' for name, count in tally.items())
            members = f'{members},"redacted":{{{counts}}}'
        # The digits of the microseconds. Formatting a number with leading zeros costs five times as much.
        digits = str(rest + _SECOND)[1:7]
        head = f'{heads[kind]}{digits}Z",{self._common}{members}'.encode()
        if sealed == b"{}":
            return head + b"}\n"
        return b"".join((head, b",", sealed[1:], b"\n"))


def span_ids(trace_id: int, span_id: int, parent_id: int | None, kind: str, start_ns: int, *, sampled: bool) -> str:
    """The members that both records of a span begin with, as JSON.

    Parameters
    ----------
    trace_id, span_id, parent_id
        The ids as numbers of 16, 8 and 8 bytes; no parent is None.
    kind
        ``internal``, ``client``, ``server``, ``producer`` or ``consumer``.
    start_ns
        When it started, in ns since the epoch.
    sampled
        Whether it is sent anywhere.
    """
    parent = f'"{parent_id.to_bytes(8).hex()}"' if parent_id is not None else "null"
    unsampled = "" if sampled else ',"sampled":false'
    return (
        f',"trace_id":"{trace_id.to_bytes(16).hex()}","span_id":"{span_id.to_bytes(8).hex()}"'
        f',"parent_id":{parent},"kind":"{kind}","start_ns":{start_ns}{unsampled}'
    )


def _line_heads(at_ns: int) -> tuple[int, dict[str, str]]:
    """The second that a time is in, in ns since the epoch, and the head of a line of each type in that second."""
    start = at_ns - at_ns % _SECOND
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start // _SECOND))
    return start, {kind: f'{{"type":"{kind}","ts":"{text}.' for kind in _TYPES}


def _quoted(text: str | None) -> str:
    """An id or the name of a signal as JSON. Neither has a character that JSON escapes."""
    return "null" if text is None else f'"{text}"'


def _links(links: Sequence[SpanIds]) -> str:
    return ",".join(f'{{"trace_id":"{link.trace_id}","span_id":"{link.span_id}"}}' for link in links)


def _without_content_ids(
    attributes: Mapping[str, Any], names: Sequence[str], prefix: str
) -> tuple[dict[str, Any], bytes]:
    """Attributes without the ids of content, and these ids as JSON, to be appended to the sealed attributes.

    The ids are ours, as their prefix shows, and need no redaction. Without them many calls of a program have equal
    attributes, and attributes that were found clean once are not searched again.
    """
    kept = dict(attributes)
    ids = ""
    for name in names:
        value = kept.pop(name, None)
        if value is None:
            continue
        if not (type(value) is str and value.startswith(prefix) and len(value) <= _LONGEST_ID and value.isalnum()):
            return dict(attributes), b""
        ids += f',"{name}":"{value}"'
    return (kept, ids.encode()) if kept else (dict(attributes), b"")
