"""Makes the report of what the fold gathered."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from tachograph._version import __version__
from tachograph.journal.coerce import table_of, text_of, texts_of
from tachograph.report.folding.breakdown import iterations_of, models_of, token_report, tokens_of
from tachograph.report.folding.costs import amount_of, cost_report, price_all
from tachograph.report.folding.doubles import fold_doubles
from tachograph.report.folding.open_spans import marks
from tachograph.report.folding.outcome import outcome_of
from tachograph.report.folding.process_ends import Deaths
from tachograph.report.folding.state import mark
from tachograph.report.folding.timing import timing_of
from tachograph.report.model import (
    Call,
    Double,
    Dropped,
    EventReport,
    OpenSpan,
    Run,
    RunReport,
)
from tachograph.report.sent import sent
from tachograph.semconv.aliases import model_operation

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph.report.folding.calls import CallFacts
    from tachograph.report.folding.state import Folded
    from tachograph.report.prices import Pricer

_OWN_FIELDS = ("name", "task", "goal", "task_type", "role", "command", "directory")


def assemble(folded: Folded, pricer: Pricer, run_dir: Path, now_ns: int) -> RunReport:
    """The report of what was gathered.

    Parameters
    ----------
    folded
        What the pass over the journals gathered.
    pricer
        Prices the calls.
    run_dir
        The run's folder, whose name stands in where the journals do not know better.
    now_ns
        The end of what a running run has done so far, in ns since the epoch.
    """
    outcome = outcome_of(folded)
    deaths = Deaths(folded, outcome, now_ns)
    open_spans = _open_spans(folded, deaths)
    calls, doubles, repeats = fold_doubles(folded.calls)
    folded.faults.told_again(repeats)
    price_all(calls, pricer)
    remaining = [table_of(span.record.get("attributes")) for span in folded.opened.remaining()]
    unfinished = sum(1 for attributes in remaining if model_operation(attributes))
    processes = deaths.processes()
    return RunReport(
        made_by=__version__,
        run=_run(folded, run_dir),
        outcome=outcome,
        tokens=token_report(calls, unfinished),
        cost=cost_report(calls, unfinished),
        timing=timing_of(folded, calls, deaths, iterations_of(folded, calls)),
        models=models_of(calls),
        calls=[_call(call) for call in calls],
        errors=folded.faults.report(),
        open_spans=open_spans,
        spans=folded.spans,
        processes=processes,
        events=[
            EventReport(name=name, count=e.count, first_ns=e.first_ns, last_ns=e.last_ns)
            for name, e in sorted(folded.events.items(), key=lambda item: (item[1].first_ns, item[0]))
        ],
        redactions=dict(sorted(folded.redactions.items(), key=lambda item: (-item[1], item[0]))),
        secrets={kind: len(folded.secrets[kind]) for kind in sorted(folded.secrets) if kind in folded.redactions},
        doubles=[
            Double(kept=kept, folded=gone, calls=count)
            for (kept, gone), count in sorted(doubles.items(), key=lambda item: (-item[1], str(item[0])))
        ],
        sent=sent(run_dir),
        dropped=_dropped(folded, sum(1 for process in processes if process.end in {"killed", "lost"})),
        warnings=_warnings(folded),
    )


def _warnings(folded: Folded) -> list[str]:
    broken = [
        f"the journal of process {source.parts[0].pid} breaks off within a record, as on a full disk or when it was "
        "killed; what it did afterwards is missing"
        for source in folded.sources
        if folded.broken_off(source)
    ]
    told = [text if count == 1 else f"{text} ({count} calls)" for text, count in sorted(folded.problems.items())]
    return [*broken, *told]


def _run(folded: Folded, run_dir: Path) -> Run:
    facts = folded.facts
    texts = {key: text_of(facts.get(key)) for key in _OWN_FIELDS}
    command = _command(folded)
    name = texts["name"] or (PurePath(command[0]).name if command else run_dir.name)
    return Run(
        id=folded.run_id or run_dir.name,
        name=name,
        task=texts["task"],
        goal=texts["goal"],
        task_type=texts["task_type"],
        role=texts["role"],
        command=command,
        directory=texts["directory"],
        facts={key: value for key, value in facts.items() if key not in _OWN_FIELDS},
    )


def _command(folded: Folded) -> list[str]:
    given = texts_of(folded.facts.get("command"))
    if not given:
        process = folded.process(folded.opener or folded.sources[0])
        given = texts_of(process.record.get("command")) if process is not None else []
    return given


def _open_spans(folded: Folded, deaths: Deaths) -> list[OpenSpan]:
    found: list[OpenSpan] = []
    for span in folded.opened.remaining():
        record = span.record
        death = deaths.of(span.source)
        ancestry = span.ancestry or folded.opened.ancestry(record.get("parent_id"))
        own_phase, own_iteration = marks(record.get("attributes"))
        if own_phase is not None or own_iteration is not None:
            mark(folded, record, ancestry.depth, max(death.at_ns, record["start_ns"]))
        for kind, count in table_of(record.get("redacted")).items():
            folded.redactions[kind] += count
        found.append(
            OpenSpan(
                span_id=record["span_id"],
                trace_id=record.get("trace_id") or "",
                name=record.get("name") or "?",
                pid=span.source.parts[0].pid,
                thread=record.get("thread"),
                phase=ancestry.phase,
                iteration=ancestry.iteration,
                start_ns=record["start_ns"],
                open_ns=max(death.at_ns - record["start_ns"], 0),
                at_least=death.at_least,
                process=death.end,
            )
        )
    return found


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
        cost=None if priced is None else amount_of(priced),
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


def _dropped(folded: Folded, missing_ends: int) -> Dropped:
    counts = folded.dropped
    return Dropped(
        records=counts["records"],
        faults=counts["faults"],
        torn_lines=counts["torn_lines"],
        rotated_files=counts["rotated_files"],
        unreadable_files=counts["unreadable_files"],
        missing_ends=missing_ends,
    )
