"""Spans as values: what the journals of a run hold, and what the query APIs of Jaeger and Tempo answer."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.backends.server import get

from tachograph.journal import journal_files, read
from tachograph.semconv import is_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# A Collector that was refused tries again after up to half a minute.
_ARRIVAL_S = 150
_LOOK_S = 0.1
_MESSAGES = {
    "tachograph.content.input": "gen_ai.input.messages",
    "tachograph.content.output": "gen_ai.output.messages",
}
_PARTS = {
    "tachograph.content.system": "gen_ai.system_instructions",
    "tachograph.content.tools": "gen_ai.tool.definitions",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A span, as far as journal and backends can tell of it in common.

    Parameters
    ----------
    trace_id, span_id, parent_id
        Hexadecimal; the parent None where there is none.
    kind
        In lower case.
    status, description
        `unset`, `ok` or `error`, and why.
    scope
        Name and version of the instrumentation, empty where unknown.
    events
        Name, time in ns since the epoch, and attributes each.
    links
        Ids of trace and span, and attributes each.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str
    start_ns: int
    duration_ns: int
    status: str
    description: str
    scope: tuple[str, str]
    attributes: dict[str, Any]
    events: list[tuple[str, int, dict[str, Any]]]
    links: list[tuple[str, str, dict[str, Any]]]
    resource: dict[str, Any]


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Spans by time."""
    return sorted(spans, key=lambda span: (span.start_ns, span.span_id))


# The journal


def recorded(run_dir: Path, service: str, *, content: bool = False) -> list[Span]:
    """The spans of a run, as they should arrive: those of its processes, and that of the run.

    Parameters
    ----------
    run_dir
        The run's folder.
    service
        The name of the service it ran as.
    content
        Whether prompts and answers are told.
    """
    return in_order(span for records in _journals(run_dir) for span in _spans(records, service, content=content))


def _journals(run_dir: Path) -> list[list[dict[str, Any]]]:
    problems: list[str] = []
    found = [[dict[str, Any](record) for record in read(parts, problems.append)] for parts in journal_files(run_dir)]
    assert problems == []
    return found


def _spans(records: list[dict[str, Any]], service: str, *, content: bool) -> list[Span]:
    (process,) = [record for record in records if record["type"] == "process" and record["state"] == "start"]
    resource = {"service.name": service, **process.get("resource", {}), "tachograph.run.id": process["run"]}
    scopes = {record["name"]: record.get("version", "") for record in records if record["type"] == "scope"}
    happened: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
    for record in records:
        if record["type"] == "event" and "span_id" in record:
            happened.setdefault(record["span_id"], []).append(_event(record))
    found: list[Span] = []
    for record in records:
        if record["type"] != "span.end":
            continue
        attributes: dict[str, Any] = record.get("attributes", {})
        told = attributes | _content(records, attributes) if content else _plain(attributes)
        events = [(e["name"], e["time_ns"], e.get("attributes", {})) for e in record.get("events", [])]
        links: list[dict[str, Any]] = record.get("links", [])
        said: list[dict[str, Any]] = record.get("link_attributes", [{} for _ in links])
        scope: str = record["scope"] or ""
        found.append(
            Span(
                record["trace_id"],
                record["span_id"],
                record["parent_id"],
                record["name"],
                record["kind"],
                record["start_ns"],
                record["duration_ns"],
                record["status"],
                record.get("description", ""),
                (scope, scopes.get(scope, "")),
                told,
                [*events, *happened.get(record["span_id"], [])],
                [(link["trace_id"], link["span_id"], more) for link, more in zip(links, said, strict=True)],
                resource,
            )
        )
    return [*found, *_run(records, resource)]


def _run(records: list[dict[str, Any]], resource: dict[str, Any]) -> list[Span]:
    """The span of the run, from the journal of `tacho run`."""
    start = [record for record in records if record["type"] == "run" and record["state"] == "start"]
    end = [record for record in records if record["type"] == "run" and record["state"] == "end"]
    if not start or "span_id" not in start[0]:
        return []
    (first,), (last,) = start, end
    failed = last["outcome"] in ("failed", "crashed")
    return [
        Span(
            first["trace_id"],
            first["span_id"],
            first["parent_id"],
            first["facts"]["name"],
            "internal",
            first["start_ns"],
            last["end_ns"] - first["start_ns"],
            "error" if failed else "unset",
            (last["reason"] or last["outcome"]) if failed else "",
            ("tachograph.launcher", first["facts"]["tachograph"]),
            {
                "tachograph.run.outcome": last["outcome"],
                "process.command_args": first["facts"]["command"],
                "host.name": first["facts"]["host"],
                "process.exit.code": last["exit_code"],
            },
            [],
            [],
            resource,
        )
    ]


def _event(record: dict[str, Any]) -> tuple[str, int, dict[str, Any]]:
    fields: dict[str, Any] = record.get("fields", {})
    if record["name"] != "error":
        return record["name"], record["time_ns"], fields
    names = {"type": "exception.type", "message": "exception.message"}
    return (
        "exception",
        record["time_ns"],
        {names.get(key, key): value for key, value in fields.items() if key != "stack"},
    )


def said(run_dir: Path) -> list[str]:
    """What people, models and tools said in a run: the text of its content records.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    contents = [record for journal in _journals(run_dir) for record in journal if record["type"] == "content"]
    parts = [part for record in contents for part in record["parts"] if not part.get("ref")]
    return [part["content"] for part in parts if part["type"] == "text"]


def _plain(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if not is_content(name)}


def _content(records: list[dict[str, Any]], attributes: dict[str, Any]) -> dict[str, Any]:
    contents = {record["id"]: record for record in records if record["type"] == "content"}
    bodies: dict[str, dict[str, Any]] = {}
    for record in contents.values():
        for part_id, part in zip(record["part_ids"], record["parts"], strict=True):
            if not part.get("ref"):
                bodies[part_id] = part

    def conversation(last: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        at: str | None = last
        while at is not None:
            record = contents[at]
            kept = {key: record[key] for key in ("role", "name", "finish_reason") if key in record}
            messages.insert(0, {**kept, "parts": [bodies[part_id] for part_id in record["part_ids"]]})
            at = record["prev"]
        return messages

    found: dict[str, Any] = {}
    for key, name in _MESSAGES.items():
        if key in attributes:
            found[name] = [message for last in attributes[key].split(",") for message in conversation(last)]
    for key, name in _PARTS.items():
        if key in attributes:
            found[name] = [part for message in conversation(attributes[key]) for part in message["parts"]]
    return found


def _parsed(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes with what is JSON in the conventions as what it says."""
    spelled = {*_MESSAGES.values(), *_PARTS.values()}
    return {name: json.loads(value) if name in spelled else value for name, value in attributes.items()}


# Jaeger


def as_in_jaeger(span: Span) -> Span:
    """A span as far as Jaeger keeps it: times in µs, lists and maps as JSON, links without attributes."""

    def flat(attributes: dict[str, Any]) -> dict[str, Any]:
        return {
            name: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if isinstance(value, list | dict)
            else value
            for name, value in attributes.items()
        }

    return replace(
        span,
        start_ns=span.start_ns // 1000 * 1000,
        duration_ns=span.duration_ns // 1000 * 1000,
        attributes=flat(span.attributes),
        events=[(name, at // 1000 * 1000, flat(more)) for name, at, more in span.events],
        links=[(trace_id, span_id, {}) for trace_id, span_id, _ in span.links],
        resource=flat(span.resource),
    )


def from_jaeger(body: bytes) -> list[Span]:
    """The spans of `/api/traces/{id}`."""
    (trace,) = json.loads(body)["data"]
    return in_order(_jaeger_span(span, trace["processes"][span["processID"]]) for span in trace["spans"])


def jaeger_warns(body: bytes) -> list[str]:
    """What Jaeger minds about the spans it has; while some are still to come, that those are missing."""
    return [told for trace in json.loads(body)["data"] for span in trace["spans"] for told in span["warnings"] or ()]


def _jaeger_span(span: dict[str, Any], process: dict[str, Any]) -> Span:
    tags = _tags(span["tags"])
    assert tags.pop("internal.span.format", "otlp") == "otlp"
    status = str(tags.pop("otel.status_code", "unset")).lower()
    assert tags.pop("error", False) is (status == "error")
    references = [(each["refType"], each["traceID"], each["spanID"]) for each in span["references"]]
    parents = [span_id for kind, _, span_id in references if kind == "CHILD_OF"]
    assert len(parents) < 2
    events: list[tuple[str, int, dict[str, Any]]] = []
    for log in span["logs"]:
        fields = _tags(log["fields"])
        events.append((str(fields.pop("event")), log["timestamp"] * 1000, fields))
    return Span(
        span["traceID"],
        span["spanID"],
        parents[0] if parents else None,
        span["operationName"],
        str(tags.pop("span.kind")),
        span["startTime"] * 1000,
        span["duration"] * 1000,
        status,
        str(tags.pop("otel.status_description", "")),
        (str(tags.pop("otel.scope.name", "")), str(tags.pop("otel.scope.version", ""))),
        tags,
        events,
        [(trace_id, span_id, {}) for kind, trace_id, span_id in references if kind == "FOLLOWS_FROM"],
        {"service.name": process["serviceName"], **_tags(process["tags"])},
    )


def _tags(tags: list[dict[str, Any]]) -> dict[str, Any]:
    return {tag["key"]: tag["value"] for tag in tags}


# Tempo


def from_tempo(body: bytes) -> list[Span]:
    """The spans of `/api/traces/{id}`."""
    found: list[Span] = []
    for batch in json.loads(body)["batches"]:
        resource = _values(batch["resource"]["attributes"])
        for scoped in batch["instrumentationLibrarySpans"]:
            library: dict[str, Any] = scoped["instrumentationLibrary"]
            scope = (library.get("name", ""), library.get("version", ""))
            found.extend(_tempo_span(span, scope, resource) for span in scoped["spans"])
    return in_order(found)


def _tempo_span(span: dict[str, Any], scope: tuple[str, str], resource: dict[str, Any]) -> Span:
    start_ns = int(span["startTimeUnixNano"])
    status: dict[str, Any] = span.get("status", {})
    parent_id = _hex(span.get("parentSpanId", ""))
    return Span(
        _hex(span["traceId"]),
        _hex(span["spanId"]),
        parent_id or None,
        span["name"],
        span["kind"].removeprefix("SPAN_KIND_").lower(),
        start_ns,
        int(span["endTimeUnixNano"]) - start_ns,
        status.get("code", "STATUS_CODE_UNSET").removeprefix("STATUS_CODE_").lower(),
        status.get("message", ""),
        scope,
        _values(span.get("attributes", [])),
        [(e["name"], int(e["timeUnixNano"]), _values(e.get("attributes", []))) for e in span.get("events", [])],
        [(_hex(k["traceId"]), _hex(k["spanId"]), _values(k.get("attributes", []))) for k in span.get("links", [])],
        resource,
    )


def _hex(text: str) -> str:
    return base64.b64decode(text).hex()


def _values(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    return {pair["key"]: _value(pair["value"]) for pair in pairs}


def _value(value: dict[str, Any]) -> Any:
    ((kind, held),) = value.items()
    match kind:
        case "intValue":
            return int(held)
        case "arrayValue":
            return [_value(each) for each in held.get("values", [])]
        case "kvlistValue":
            return _values(held.get("values", []))
        case _:
            return held


# Both


@dataclass(frozen=True, slots=True)
class Store:
    """A backend that spans are read back from.

    Parameters
    ----------
    name
        `jaeger` or `tempo`.
    url
        Of its query API.
    """

    name: str
    url: str

    def arrived(self, trace_id: str, count: int) -> tuple[list[Span], bytes]:
        """The spans of a trace, and the answer they were in, once there are as many as wanted or the time is up.

        Parameters
        ----------
        trace_id
            The trace.
        count
            How many spans are wanted.
        """
        parse: Callable[[bytes], list[Span]] = from_jaeger if self.name == "jaeger" else from_tempo
        until = time.monotonic() + _ARRIVAL_S
        spans: list[Span] = []
        while True:
            status, body = get(f"{self.url}/api/traces/{trace_id}")
            if status == 200:
                spans = parse(body)
            if len(spans) >= count or time.monotonic() > until:
                warned = jaeger_warns(body) if self.name == "jaeger" else []
                assert (len(spans), warned) == (count, [])
                return [replace(span, attributes=_parsed(span.attributes)) for span in spans], body
            time.sleep(_LOOK_S)

    def keeps(self, spans: list[Span]) -> list[Span]:
        """Spans as far as it can tell them.

        Parameters
        ----------
        spans
            As they were sent.
        """
        if self.name == "tempo":
            return spans
        return [replace(span, attributes=_parsed(span.attributes)) for span in map(as_in_jaeger, spans)]
