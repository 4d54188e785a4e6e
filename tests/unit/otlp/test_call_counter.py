"""The metrics of calls: of the same calls, with the same tokens, as the report."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.export import AggregationTemporality
from tests.unit.report.conftest import Journal
from tests.unit.report.test_index import alive, scenario, written

from tachograph.report import fold
from tachograph_otlp.call_counter import CallCounter

if TYPE_CHECKING:
    from pathlib import Path

    from tachograph_otlp.call_counter import ProcessCalls

DELTA = SimpleNamespace(_preferred_temporality={Histogram: AggregationTemporality.DELTA}, _preferred_aggregation={})
CUMULATIVE = SimpleNamespace(_preferred_temporality={}, _preferred_aggregation={})
# As a framework's own instrumentation writes it.
OPENINFERENCE: dict[str, Any] = {
    "openinference.span.kind": "LLM",
    "llm.system": "openai",
    "llm.model_name": "gpt-4o",
    "llm.token_count.prompt": 70,
    "llm.token_count.completion": 7,
}


def sums(process: ProcessCalls) -> dict[str, tuple[int, float]]:
    """Number and sum of each metric, tokens by type."""
    assert process.metrics is not None
    data = process.metrics.collect()
    found: dict[str, tuple[int, float]] = {}
    for metric in data.resource_metrics[0].scope_metrics[0].metrics if data is not None else ():
        listed: Any = metric.data.data_points
        for points in listed:
            name = f"{metric.name} {points.attributes.get('gen_ai.token.type', '')}".strip()
            count, total = found.get(name, (0, 0.0))
            found[name] = (count + points.count, round(total + points.sum, 6))
    return found


def of_report(run_dir: Path) -> dict[str, tuple[int, float]]:
    """The same from the report."""
    calls = fold(run_dir).calls
    tokens = [call.tokens for call in calls]
    given = [(t.input or 0) + (t.cache_read or 0) + (t.cache_write or 0) for t in tokens if t.input is not None]
    output = [t.output for t in tokens if t.output is not None]
    return {
        "gen_ai.client.operation.duration": (len(calls), round(sum(c.duration_ns for c in calls) / 1e9, 6)),
        "gen_ai.client.token.usage input": (len(given), sum(given)),
        "gen_ai.client.token.usage output": (len(output), sum(output)),
    }


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("chunk", [1, 7, 1000], ids="{} lines at a time".format)
def test_they_agree_however_the_run_was_followed(tmp_path: Path, seed: int, chunk: int) -> None:
    journal = Journal(tmp_path)
    lines = sorted(scenario(journal.process().run_start(), seed), key=written)
    counter = CallCounter(tmp_path, {}, CUMULATIVE, delta=False)
    with alive(journal):
        for at in range(0, len(lines), chunk):
            with journal.path.open("ab") as file:
                file.write(b"".join(lines[at : at + chunk]))
            counter.read()
    counter.read()
    assert not counter.holds_calls
    [process] = counter.processes
    assert sums(process) == of_report(tmp_path)


def test_a_call_under_the_names_of_another_tool_is_counted_as_in_the_report(tmp_path: Path) -> None:
    journal = Journal(tmp_path).process().run_start()
    journal.start("a", 1, "ChatCompletion", None, "openinference.instrumentation.openai", **OPENINFERENCE)
    journal.end("a", 1, 3, "ChatCompletion", None, "openinference.instrumentation.openai", OPENINFERENCE)
    # The same call by ours, side by side with it.
    journal.call("b", 1, 3, tokens=(70, 7))
    counter = CallCounter(tmp_path, {}, CUMULATIVE, delta=False)
    counter.read()
    [process] = counter.processes
    assert sums(process) == of_report(tmp_path)
    assert sums(process)["gen_ai.client.token.usage input"] == (1, 70)


def test_of_differences_only_what_is_new_is_counted(tmp_path: Path) -> None:
    chosen = random.Random(5)
    journal = Journal(tmp_path).process().run_start()
    journal.call("a", 1, 2, tokens=(10, 1))
    first = CallCounter(tmp_path, {}, DELTA, delta=True)
    assert first.read()
    done = dict(first.positions)
    journal.call("b", 3, 4, tokens=(chosen.randrange(20, 90), 2))
    later = CallCounter(tmp_path, done, DELTA, delta=True)
    assert later.read()
    [process] = later.processes
    assert sums(process)["gen_ai.client.token.usage output"] == (1, 2)
    assert process.metrics is not None
    # It begins where the one that was sent has ended.
    assert process.metrics.start_ns == fold(tmp_path).calls[0].start_ns + 10**9


def test_what_the_program_sends_itself_is_not_counted(tmp_path: Path) -> None:
    journal = Journal(tmp_path).process().run_start()
    journal.call("a", 1, 2)
    journal.line("process", 2.5, {"state": "own_provider"}, {})
    journal.call("b", 3, 4)
    counter = CallCounter(tmp_path, {}, CUMULATIVE, delta=False)
    counter.read()
    [process] = counter.processes
    assert sums(process)["gen_ai.client.operation.duration"] == (1, 1.0)
