"""The metrics of calls, computed from their spans or measured by another instrumentation: sent once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.otlp.test_logs_api import recorded
from tests.integration.otlp.test_metrics_api import ON, measured

from tachograph.sending.sender_process import is_sending

if TYPE_CHECKING:
    from tests.receiver import Receiver

    from integration.otlp.conftest import Sending

CHAT = """
import sys
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument()
import openai
from opentelemetry import metrics
client = openai.OpenAI(api_key="none", base_url=sys.argv[1] + "/v1", max_retries=0)
for number in range(3):
    client.chat.completions.create(model="gpt-5.1", messages=[{"role": "user", "content": f"What is tide {number}?"}])
duration = metrics.get_meter("mine").create_histogram("gen_ai.client.operation.duration", "s")
duration.record(1, {"gen_ai.operation.name": "invoke_agent"})
duration.record(1, {"gen_ai.operation.name": "chat", "gen_ai.request.model": "unseen"})
"""


def counts(receiver: Receiver) -> list[tuple[str, Any, int]]:
    """The durations it took: scope, operation and count."""
    return sorted(
        (point["scope"][0], point["attributes"]["gen_ai.operation.name"], point["value"][0])
        for point in measured(receiver)["gen_ai.client.operation.duration"]
    )


def test_a_call_is_counted_once_where_two_measure_it(sending: Sending, receiver: Receiver, provider: str) -> None:
    (sending.folder / "chat.py").write_text(CHAT)
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, **ON}
    done = sending.tacho("run", "--", sys.executable, "chat.py", provider, **env)
    assert (done.returncode, done.stderr) == (0, "")
    foreign = "opentelemetry.instrumentation.genai.openai"
    assert {record["scope"] for record in recorded(sending, "metric")} == {foreign, "mine"}
    once = [("mine", "chat", 1), ("mine", "invoke_agent", 1), ("tachograph", "chat", 3)]
    assert counts(receiver) == once
    # Pushed once more it is the same point again: times and sums of the run.
    before = measured(receiver)["gen_ai.client.token.usage"]
    assert sending.tacho("push", "--again", **env).returncode == 0
    after = measured(receiver)["gen_ai.client.token.usage"]
    assert after == before * 2
    ended = [record for record in sending.ended() if record["name"].startswith("chat")]
    ends = {record["start_ns"] + record["duration_ns"] for record in ended}
    assert {point["times"][1] for point in before} <= ends


def test_metrics_of_calls_are_sent_later_once(sending: Sending, receiver: Receiver, provider: str) -> None:
    (sending.folder / "chat.py").write_text(CHAT)
    nowhere = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", **ON}
    assert sending.tacho("run", "--", sys.executable, "chat.py", provider, **nowhere).returncode == 0
    sending.wait_until(lambda: not is_sending(sending.run_dir()))
    (state,) = [sent for sent in sending.sent() if sent["signal"] == "metrics"]
    # The one that is the program's own, and what is counted from the spans.
    assert (state["waiting"], len(recorded(sending, "metric"))) == (2, 3)
    for _ in range(2):
        done = sending.tacho("push", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **ON)
        assert (done.returncode, done.stderr) == (0, "")
    assert counts(receiver) == [("mine", "chat", 1), ("mine", "invoke_agent", 1), ("tachograph", "chat", 3)]
    (start_ns,) = {point["times"][0] for point in measured(receiver)["gen_ai.client.token.usage"]}
    (process,) = [r for r in recorded(sending, "process") if r["state"] == "start" and "role" not in r]
    assert start_ns == process["start_ns"]


@pytest.mark.parametrize("preference", ["cumulative", "delta"])
def test_metrics_of_calls_while_a_run_goes_on(
    sending: Sending, receiver: Receiver, provider: str, preference: str
) -> None:
    program = """
import sys, time, openai
client = openai.OpenAI(api_key="none", base_url=sys.argv[1] + "/v1", max_retries=0)
for number in range(3):
    client.chat.completions.create(model="gpt-5.1", messages=[{"role": "user", "content": str(number)}])
    time.sleep(0.7)
"""
    (sending.folder / "chat.py").write_text(program)
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_METRIC_EXPORT_INTERVAL": "300",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": preference,
        **ON,
    }
    assert sending.tacho("run", "--", sys.executable, "chat.py", provider, **env).returncode == 0
    sent = [(p["value"][0], p["times"]) for p in measured(receiver)["gen_ai.client.operation.duration"]]
    numbers = [count for count, _ in sent]
    times = [times for _, times in sent]
    assert len(sent) >= 2
    assert times == sorted(times)
    if preference == "cumulative":
        assert (numbers[-1], numbers) == (3, sorted(numbers))
        assert len({start_ns for start_ns, _ in times}) == 1
    else:
        assert sum(numbers) == 3
        # Each begins where the one before has ended.
        assert [start_ns for start_ns, _ in times[1:]] == [end_ns for _, end_ns in times[:-1]]
    # All is there, so there is nothing to push.
    assert sending.tacho("push", **env).returncode == 0
    assert [p["value"][0] for p in measured(receiver)["gen_ai.client.operation.duration"]] == numbers
