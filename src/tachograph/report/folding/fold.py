"""Folds the journals of a run: one pass over all records in order of time.

What is kept grows with the spans that are open, the calls of models and the occurrences of phases, never with the
number of spans.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import orjson

from tachograph.errors import JournalVersionError, RunNotFoundError
from tachograph.journal import SCHEMA_VERSION, journal_files
from tachograph.journal.coerce import integer_of, table_of, text_of
from tachograph.journal.merge import Source, last_stamp, merged
from tachograph.report.folding.assemble import assemble
from tachograph.report.folding.calls import call_of
from tachograph.report.folding.open_spans import Opened
from tachograph.report.folding.state import ChildEnd, EventFacts, Folded, ProcessFacts, mark
from tachograph.report.prices import Pricer
from tachograph.semconv import aliases, genai, tacho

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tachograph.report.model import RunReport

_CONTENT = b'{"type":"content"'
_START = b'{"type":"span.start"'
_WHOLE = b"}\n"
_SPAN_ID = b'"span_id":"'
_REDACTED = b',"redacted":{'
_MARKER = b"[REDACTED:"
_TAGGED = re.compile(rb"\[REDACTED:([a-z0-9-]{1,40}):([0-9a-f]{6})\]")
_TELLING = frozenset(
    {
        tacho.PHASE,
        tacho.ITERATION,
        genai.OPERATION_NAME,
        genai.USAGE_INPUT_TOKENS,
        *aliases.ALIASES[genai.OPERATION_NAME],
        *aliases.OPERATIONS,
    }
)
# A span that begins with one of these is looked at; any other can wait until somebody asks. What all of the names have
# in common, the dot, stands in front: a search that begins with a plain character takes a tenth of one that does not.
_tells = re.compile(
    rb"\.(?:%b)\"" % b"|".join(re.escape(key.partition(".")[2]).encode() for key in sorted(_TELLING))
).search


def fold(
    run_dir: Path,
    *,
    rates: Mapping[str, Mapping[str, float]] | None = None,
    currency: str = "USD",
    now_ns: int | None = None,
) -> RunReport:
    """The report of a run, from its journals.

    Parameters
    ----------
    run_dir
        The run's folder.
    rates
        Prices of the user's own, see :class:`~tachograph.report.prices.Pricer`.
    currency
        Their currency.
    now_ns
        The time until which a running run is taken to have run, in ns since the epoch; None means now.

    Raises
    ------
    RunNotFoundError
        When the folder holds no journal.
    JournalVersionError
        When a journal is of a newer version.
    """
    try:
        journals = journal_files(run_dir)
    except FileNotFoundError as error:
        raise RunNotFoundError(f"{run_dir} does not exist. List the runs: tacho list") from error
    if not journals:
        raise RunNotFoundError(f"{run_dir} holds no journal. List the runs: tacho list")
    folded = Folded([Source.of(parts) for parts in journals])
    _read(folded)
    return assemble(folded, Pricer(rates, currency), run_dir, time.time_ns() if now_ns is None else now_ns)


def _read(folded: Folded) -> None:
    begin_raw = folded.opened.begin_raw
    last = b""
    for source, line in merged(folded.sources):
        if _MARKER in line:
            for kind, tag in _TAGGED.findall(line):
                folded.secrets[kind.decode()].add(tag)
        # The two kinds that make up most of a journal are not parsed: a body is never needed here, and a start only
        # when something inside of it, or a death, makes it so.
        if line.startswith(_CONTENT):
            if line.endswith(_WHOLE):
                last = line
                _content(folded, line)
            else:
                folded.tear(source)
            continue
        if line.startswith(_START) and line.endswith(_WHOLE):
            at = line.find(_SPAN_ID)
            if at > 0 and _tells(line) is None:
                last = line
                begin_raw(line[at + 11 : at + 27].decode("latin-1"), source, line)
                continue
        if line == b"\n":
            continue
        try:
            record: Any = orjson.loads(line)
            kind = record["type"]
            handle = _HANDLERS.get(kind)
            if handle is not None:
                handle(folded, source, record)
            last = line
        except (ValueError, TypeError, KeyError, AttributeError):
            # A torn line, or one that no recorder wrote.
            folded.tear(source)
    folded.last_ns = max(folded.last_ns, last_stamp(last))
    for source in folded.sources:
        folded.dropped["unreadable_files"] += len(source.unreadable)
        folded.dropped["rotated_files"] += source.parts[0].part


def _content(folded: Folded, line: bytes) -> None:
    at = line.find(b"]", line.find(b'"part_ids":[')) + 1
    if line.startswith(_REDACTED, at):
        closing = line.find(b"}", at) + 1
        _count(folded, orjson.loads(line[at + len(_REDACTED) - 1 : closing]))


def _count(folded: Folded, tally: dict[str, int]) -> None:
    for kind, count in tally.items():
        folded.redactions[kind] += count


def _start(folded: Folded, source: Source, record: dict[str, Any]) -> None:
    opened = folded.opened
    opened.begin(record["span_id"], Opened(source, record, opened.ancestry(record["parent_id"])))


def _end(folded: Folded, source: Source, record: dict[str, Any]) -> None:  # noqa: ARG001 - one signature for all
    span_id: str = record["span_id"]
    start_ns: int = record["start_ns"]
    end_ns = start_ns + record["duration_ns"]
    failed = record["status"] == "error"
    known = folded.opened.end(span_id)
    folded.spans += 1
    if end_ns > folded.last_ns:
        folded.last_ns = end_ns
    if folded.first_ns is None or start_ns < folded.first_ns:
        folded.first_ns = start_ns
    if "redacted" in record:
        _count(folded, record["redacted"])
    attributes: dict[str, Any] | None = record.get("attributes")
    ancestry = known.ancestry if known is not None else None
    if attributes and not _TELLING.isdisjoint(attributes):
        ancestry = ancestry or folded.opened.ancestry(record["parent_id"])
        mark(folded, record, ancestry.depth, end_ns)
        operation = aliases.model_operation(attributes)
        if operation is not None:
            call, problem = call_of(record, operation, ancestry)
            folded.calls.append(call)
            if problem is not None:
                folded.problems[f"{call.model or call.operation}: {problem}"] += 1
    if failed and record.get("scope") != tacho.SCOPE_HTTP:
        folded.faults.span(record, ancestry)
    else:
        folded.faults.forget(span_id)


def _process(folded: Folded, source: Source, record: dict[str, Any]) -> None:
    _check_version(record, source)
    folded.run_id = folded.run_id or record["run"]
    if record["state"] == "end":
        folded.last_ns = max(folded.last_ns, record["end_ns"])
        known = folded.process(source)
        if known is not None:
            known.end = record
        for name, count in table_of(record.get("dropped")).items():
            folded.dropped[name] += count
    elif record["state"] == "child":
        folded.last_ns = max(folded.last_ns, record["end_ns"])
        code, by = integer_of(record.get("exit_code")), text_of(record.get("signal"))
        folded.child_ends.append(ChildEnd(record["child_pid"], record["end_ns"], code, by))
    elif record["state"] == "start" and id(source) not in folded.processes:
        # Each file of a journal begins with it; the first one counts.
        folded.processes[id(source)] = ProcessFacts(record)
        _count(folded, table_of(record.get("redacted")))
        if folded.first_ns is None or record["start_ns"] < folded.first_ns:
            folded.first_ns = record["start_ns"]


def _run(folded: Folded, source: Source, record: dict[str, Any]) -> None:
    _check_version(record, source)
    _count(folded, table_of(record.get("redacted")))
    folded.run_id = record["run"]
    match record["state"]:
        case "start":
            folded.start_ns = record["start_ns"]
            folded.opener = source
            # What the program said of the run goes before what was known at its start.
            folded.facts = {**table_of(record.get("facts")), **folded.facts}
        case "facts":
            folded.facts.update(record["facts"])
        case "outcome":
            folded.said = record
        case "end":
            folded.end = record
            folded.last_ns = max(folded.last_ns, record["end_ns"])
        case _:
            pass


def _event(folded: Folded, source: Source, record: dict[str, Any]) -> None:  # noqa: ARG001 - one signature for all
    name: str = record["name"]
    at: int = record["time_ns"]
    _count(folded, table_of(record.get("redacted")))
    # A record of the Logs API has a severity. When it was, and what it is called, the program says.
    told = "severity" in record
    if not told:
        folded.last_ns = max(folded.last_ns, at)
    if name == "error" and not told:
        folded.faults.uncaught(record)
        return
    known = folded.events.get(name)
    if known is None:
        folded.events[name] = EventFacts(1, at, at)
    else:
        known.count += 1
        known.first_ns = min(known.first_ns, at)
        known.last_ns = max(known.last_ns, at)


def _other(folded: Folded, source: Source, record: dict[str, Any]) -> None:  # noqa: ARG001 - one signature for all
    _count(folded, table_of(record.get("redacted")))


def _check_version(record: dict[str, Any], source: Source) -> None:
    version = record.get("schema_version")
    if version is not None and (not isinstance(version, int) or version > SCHEMA_VERSION):
        raise JournalVersionError(source.parts[0].path, version, SCHEMA_VERSION)


_HANDLERS = {
    "run": _run,
    "process": _process,
    "span.start": _start,
    "span.end": _end,
    "event": _event,
    "metric": _other,
    "content": _other,
    "scope": _other,
}
