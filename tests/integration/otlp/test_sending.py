"""What is recorded arrives at a receiver, as it stands in the journal."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.receiver import attributes

if TYPE_CHECKING:
    from tests.receiver import Receiver

    from integration.otlp.conftest import Sending

SECRET = "ghp_" + "a1B2c3D4" * 4 + "e5F6"

PROGRAM = f"""
from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
import tachograph

tracer = trace.get_tracer("mine", "1.2", schema_url="https://opentelemetry.io/schemas/1.37.0", attributes={{"a": "b"}})
with tracer.start_as_current_span("outer", kind=SpanKind.SERVER, attributes={{"n": 1, "names": ["x", "y"]}}) as outer:
    outer.add_event("noted", {{"token": "{SECRET}"}})
    tachograph.event("decision", because="the tests pass")
    with tracer.start_as_current_span("inner", links=[Link(outer.get_span_context(), {{"why": "again"}})]) as inner:
        inner.set_attribute("half", 0.5)
        inner.set_status(Status(StatusCode.ERROR, "key {SECRET}"))
print("done")
"""


def hexed(text: str) -> str:
    return base64.b64decode(text).hex()


def test_spans_arrive_as_they_were_recorded(sending: Sending, receiver: Receiver) -> None:
    done = sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_SERVICE_NAME="shop")

    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    outer, inner = sending.ended()
    root, sent_outer, sent_inner = receiver.spans()
    assert root["name"] == "program.py"
    assert "parentSpanId" not in root
    for sent, record, parent in ((sent_outer, outer, root), (sent_inner, inner, sent_outer)):
        assert {
            "name": sent["name"],
            "trace_id": hexed(sent["traceId"]),
            "span_id": hexed(sent["spanId"]),
            "start_ns": int(sent["startTimeUnixNano"]),
            "end_ns": int(sent["endTimeUnixNano"]),
            "scope": sent["scope"],
        } == {
            "name": record["name"],
            "trace_id": record["trace_id"],
            "span_id": record["span_id"],
            "start_ns": record["start_ns"],
            "end_ns": record["start_ns"] + record["duration_ns"],
            "scope": "mine",
        }
        assert sent["parentSpanId"] == parent["spanId"]
        assert sent["resource"]["service.name"] == "shop"
        assert sent["resource"]["tachograph.run.id"] == outer["run"]
    assert sent_outer["kind"] == "SPAN_KIND_SERVER"
    assert [event["name"] for event in sent_outer["events"]] == ["noted", "decision"]
    assert sent_inner["status"]["code"] == "STATUS_CODE_ERROR"
    assert sent_inner["status"]["message"].startswith("key [REDACTED:github-token")
    assert hexed(sent_inner["links"][0]["spanId"]) == outer["span_id"]
    assert sent_inner["links"][0]["attributes"] == [{"key": "why", "value": {"stringValue": "again"}}]
    (scope,) = {
        (s.scope.name, s.scope.version, s.schema_url, tuple(attributes(s.scope).items()))
        for _, message in receiver.taken
        for group in message.resource_spans
        for s in group.scope_spans
        if s.scope.name == "mine"
    }
    assert scope == ("mine", "1.2", "https://opentelemetry.io/schemas/1.37.0", (("a", "b"),))
    assert SECRET.encode() not in receiver.wire
    assert sending.sent() == [
        {
            "signal": "traces",
            "endpoint": f"{receiver.url}/v1/traces",
            "sent": 3,
            "refused": 0,
            "waiting": 0,
            "failure": None,
            "refusal": None,
        }
    ]


def test_without_an_endpoint_nothing_is_sent(sending: Sending) -> None:
    assert sending.record(PROGRAM).returncode == 0
    assert sending.sent() == []
    assert sorted(path.name.split("-")[0] for path in sending.run_dir().iterdir()) == [
        "journal",
        "journal",
        "report.json",
    ]


@pytest.mark.parametrize(
    ("env", "paths"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "{}", "OTEL_TRACES_EXPORTER": "none"}, set[str]()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "{}", "OTEL_SDK_DISABLED": "true"}, set[str]()),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "{}/v1/traces"}, {"/v1/traces"}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "{}", "OTEL_LOGS_EXPORTER": "otlp"}, {"/v1/traces", "/v1/logs"}),
    ],
)
def test_the_standard_variables_say_what_is_sent(
    sending: Sending, receiver: Receiver, env: dict[str, str], paths: set[str]
) -> None:
    done = sending.record(PROGRAM, **{name: value.format(receiver.url) for name, value in env.items()})
    assert done.returncode == 0
    assert {path for path, _ in receiver.asked} == paths


def test_the_settings_say_where_and_what(sending: Sending, receiver: Receiver) -> None:
    (sending.folder / "tachograph.toml").write_text(
        f'[otlp]\nendpoint = "{receiver.url}"\nsignals = ["traces", "logs"]\n'
        'headers = { authorization = "Bearer ${COLLECTOR_TOKEN}" }\n'
    )
    done = sending.record(PROGRAM, COLLECTOR_TOKEN="sesame, please", OTEL_EXPORTER_OTLP_COMPRESSION="gzip")
    assert done.returncode == 0
    assert {path for path, _ in receiver.asked} == {"/v1/traces", "/v1/logs"}
    for _, headers in receiver.asked:
        assert (headers["authorization"], headers["content-encoding"]) == ("Bearer sesame, please", "gzip")


def test_events_are_log_records_where_logs_are_sent(sending: Sending, receiver: Receiver) -> None:
    sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_LOGS_EXPORTER="otlp")
    (record,) = [
        record
        for path, message in receiver.taken
        if path == "/v1/logs"
        for group in message.resource_logs
        for scope in group.scope_logs
        for record in scope.log_records
    ]
    outer = sending.ended()[0]
    assert (record.event_name, attributes(record), record.severity_text) == (
        "tachograph.decision",
        {"because": "the tests pass"},
        "INFO",
    )
    assert (record.trace_id.hex(), record.span_id.hex()) == (outer["trace_id"], outer["span_id"])
    sent = [span for span in receiver.spans() if span["name"] == "outer"]
    assert [event["name"] for event in sent[0]["events"]] == ["noted"]


CHAT = """
import sys, openai
client = openai.OpenAI(api_key="none", base_url=sys.argv[1] + "/v1", max_retries=0)
for number in range(3):
    client.chat.completions.create(model="gpt-5.1", messages=[{"role": "user", "content": f"What is tide {number}?"}])
"""


@pytest.mark.parametrize(
    ("env", "sent"),
    [({}, False), ({"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY"}, True)],
)
def test_content_is_sent_where_it_is_asked_for(
    sending: Sending, receiver: Receiver, provider: str, env: dict[str, str], sent: bool
) -> None:
    (sending.folder / "chat.py").write_text(CHAT)
    env = {**env, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}
    assert sending.tacho("run", "--", sys.executable, "chat.py", provider, **env).returncode == 0
    calls = [span for span in receiver.spans() if span["name"] == "chat gpt-5.1"]
    told = [{pair["key"]: pair["value"] for pair in call["attributes"]} for call in calls]
    assert len(told) == 3
    asked = [json.loads(call["gen_ai.input.messages"]["stringValue"]) for call in told] if sent else []
    assert asked == [
        [{"role": "user", "parts": [{"type": "text", "content": f"What is tide {number}?"}]}]
        for number in range(3 if sent else 0)
    ]
    assert (b"What is tide" in receiver.wire) == sent
    assert [call["gen_ai.usage.output_tokens"]["intValue"] for call in told] == [
        str(record["attributes"]["gen_ai.usage.output_tokens"]) for record in sending.ended()
    ]


def test_metrics_of_calls_where_metrics_are_on(sending: Sending, receiver: Receiver, provider: str) -> None:
    (sending.folder / "chat.py").write_text(CHAT)
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_METRICS_EXPORTER": "otlp"}
    assert sending.tacho("run", "--", sys.executable, "chat.py", provider, **env).returncode == 0
    metrics: dict[str, Any] = {
        metric.name: metric
        for path, message in receiver.taken
        if path == "/v1/metrics"
        for group in message.resource_metrics
        for scope in group.scope_metrics
        for metric in scope.metrics
    }
    assert sorted(metrics) == ["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]
    ended = [record["attributes"] for record in sending.ended()]
    points = {
        attributes(point)["gen_ai.token.type"]: (point.count, point.sum)
        for point in metrics["gen_ai.client.token.usage"].histogram.data_points
    }
    assert points == {
        kind: (3, sum(record[f"gen_ai.usage.{kind}_tokens"] for record in ended)) for kind in ("input", "output")
    }
    (point,) = metrics["gen_ai.client.operation.duration"].histogram.data_points
    assert (metrics["gen_ai.client.operation.duration"].unit, point.count) == ("s", 3)
    assert point.sum == pytest.approx(sum(record["duration_ns"] for record in sending.ended()) / 1e9)


def test_what_ended_before_a_kill_is_sent(sending: Sending, receiver: Receiver) -> None:
    program = """
import os, signal
from opentelemetry import trace
tracer = trace.get_tracer("loop")
for number in range(1000):
    tracer.start_span(f"step {number}").end()
tracer.start_span("open")
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = sending.record(program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert done.returncode == -signal.SIGKILL
    sending.wait_until(lambda: len(receiver.spans()) == 1001)
    assert receiver.names() == sorted(["program.py", *(f"step {number}" for number in range(1000))])


def test_a_program_that_records_itself(sending: Sending, receiver: Receiver) -> None:
    program = f"import tachograph\ntachograph.start()\n{PROGRAM}"
    (sending.folder / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=sending.folder,
        env={**sending.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    # Sent before the program has ended: it may be the last thing that runs in a container.
    assert receiver.names() == ["inner", "outer"]


def test_the_callers_sampling_decision_holds(sending: Sending, receiver: Receiver) -> None:
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, TRACEPARENT=caller)
    assert (receiver.asked, len(sending.ended())) == ([], 2)


def test_spans_of_a_provider_of_the_programs_own_are_left_to_its_exporters(
    sending: Sending, receiver: Receiver
) -> None:
    program = f"""
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
{PROGRAM}
"""
    sending.record(program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (receiver.names(), [record["name"] for record in sending.ended()]) == (["program.py"], ["outer", "inner"])
    assert sending.tacho("push", "--again", "--endpoint", receiver.url).returncode == 0
    (sending.folder / "tachograph.toml").write_text("[otlp]\nown_provider = true\n")
    assert sending.tacho("push", "--again", "--endpoint", receiver.url).returncode == 0
    assert receiver.names() == ["inner", "outer", "program.py", "program.py", "program.py"]
