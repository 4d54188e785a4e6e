"""What was recorded arrives in the real Jaeger and the real Tempo, directly and through the real Collector."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from tests.backends import running
from tests.backends.build import COLLECTOR, COMPOSE, binary
from tests.backends.server import free_ports, get
from tests.backends.spans import recorded, said

from tachograph.sending.sender_process import is_sending

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.backends.running import Receiver
    from tests.backends.spans import Span

    from .conftest import Recorder

# The first test builds what is not built yet.
pytestmark = [pytest.mark.backends, pytest.mark.usefixtures("built"), pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[3]
# Made up, and never in one piece in a file.
TOKEN = "ghp_" + "Zx81" * 9
PATHS = [
    pytest.param("jaeger", "http/protobuf", id="jaeger by HTTP"),
    pytest.param("jaeger", "grpc", id="jaeger by gRPC"),
    pytest.param("tempo", "http/protobuf", id="tempo by HTTP"),
    pytest.param("tempo", "grpc", id="tempo by gRPC"),
    pytest.param("agent", "http/protobuf", id="agent and gateway by HTTP"),
    pytest.param("agent", "grpc", id="agent and gateway by gRPC"),
]
everywhere = pytest.mark.parametrize(("receiver", "protocol"), PATHS, indirect=["receiver"])

SHOP = """
from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, SpanKind

import tachograph

tracer = trace.get_tracer("shop", "1.2")
token = "ghp_" + "Zx81" * 9
told = {"shop.items": ["pen", "ink"], "shop.count": 2, "shop.price": 2.5, "shop.paid": True}
with tracer.start_as_current_span("order", kind=SpanKind.SERVER, attributes=told) as order:
    order.add_event("accepted", {"shop.desk": 4})
    customer = {"name": "Ada", "tags": ["new", {"since": 2024}], "key": token}
    with tracer.start_as_current_span(
        f"clone with {token}", kind=SpanKind.CLIENT, attributes={"shop.note": f"use {token}", "shop.customer": customer}
    ) as clone:
        tachograph.event("decision", choice="pay", why=f"because of {token}")
    try:
        elsewhere = SpanContext(trace_id=0xABC << 116, span_id=0xDEF, is_remote=True)
        links = [Link(clone.get_span_context(), {"shop.why": "second try"}), Link(elsewhere)]
        with tracer.start_as_current_span("pay", links=links):
            raise ValueError(f"{token} is not money")
    except ValueError:
        pass
"""
MANY = """
from opentelemetry import trace

tracer = trace.get_tracer("many")
for each in range(100):
    with tracer.start_as_current_span(f"round {each}"):
        for number in range(99):
            with tracer.start_as_current_span("step", attributes={"number": number, "text": "some words " * 10}):
                pass
"""


def _to(receiver: Receiver, protocol: str = "http/protobuf") -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint(protocol), "OTEL_EXPORTER_OTLP_PROTOCOL": protocol}


def _shipped(run_dir: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((run_dir / "otlp.json").read_text("utf-8"))["signals"]["traces"]
    return {name: value for name, value in state.items() if name not in {"files", "calls"}}


def _all_sent(receiver: Receiver, protocol: str, count: int) -> dict[str, Any]:
    endpoint = receiver.endpoint(protocol)
    where = endpoint.removeprefix("http://") if protocol == "grpc" else f"{endpoint}/v1/traces"
    return {"endpoint": where, "sent": count, "refused": 0, "waiting": 0, "failure": None, "refusal": None}


def _arrive(receiver: Receiver, spans: list[Span]) -> bytes:
    """All of them are everywhere, once and whole; the answers that hold them."""
    (trace_id,) = {span.trace_id for span in spans}
    answers: list[bytes] = []
    for store in receiver.stores:
        found, answer = store.arrived(trace_id, len(spans))
        assert found == store.keeps(spans)
        answers.append(answer)
    assert answers
    return b"\n".join(answers)


@everywhere
def test_what_a_program_did_arrives_whole(recorder: Recorder, receiver: Receiver, protocol: str) -> None:
    run_dir = recorder.program(SHOP, _to(receiver, protocol))

    spans = recorded(run_dir, recorder.service)
    by_name = {span.name.partition(" with ")[0]: span for span in spans}
    assert sorted(by_name) == ["clone", "order", "pay", "program.py"]
    order, clone, pay, run = (by_name[name] for name in ("order", "clone", "pay", "program.py"))
    assert [span.parent_id for span in (run, order, clone, pay)] == [None, run.span_id, order.span_id, order.span_id]
    assert [span.kind for span in (run, order, clone, pay)] == ["internal", "server", "client", "internal"]
    assert [span.status for span in (run, order, clone, pay)] == ["unset", "unset", "unset", "error"]
    assert pay.links == [
        (clone.trace_id, clone.span_id, {"shop.why": "second try"}),
        ("abc".ljust(32, "0"), "def".zfill(16), {}),
    ]
    assert [span.resource["service.name"] for span in spans] == [recorder.service] * 4
    assert [name for span in spans for name, _, _ in span.events] == ["accepted", "decision", "exception"]
    assert clone.attributes["shop.customer"]["tags"] == ["new", {"since": 2024}]
    answer = _arrive(receiver, spans)
    assert TOKEN.encode() not in answer
    assert answer.count(b"[REDACTED:github-token:") >= 5 * len(receiver.stores)
    assert _shipped(run_dir) == _all_sent(receiver, protocol, 4)


def test_a_run_is_found_by_its_id(recorder: Recorder, collectors: tuple[Receiver, Receiver]) -> None:
    agent, _ = collectors
    run_dir = recorder.program(SHOP, _to(agent))
    spans = recorded(run_dir, recorder.service)
    _arrive(agent, spans)

    run_id: str = spans[0].resource["tachograph.run.id"]
    jaeger, tempo = (store.url for store in agent.stores)
    tags = urlencode({"service": recorder.service, "tags": json.dumps({"tachograph.run.id": run_id})})
    found = [trace["traceID"] for trace in json.loads(get(f"{jaeger}/api/traces?{tags}")[1])["data"]]
    assert found == [spans[0].trace_id]
    tags = urlencode({"tags": f"tachograph.run.id={run_id}"})
    # Tempo leaves out the zeros an id begins with.
    found = [trace["traceID"].zfill(32) for trace in json.loads(get(f"{tempo}/api/search?{tags}")[1])["traces"]]
    assert found == [spans[0].trace_id]


@everywhere
def test_the_demo_agent_arrives_without_what_was_said(recorder: Recorder, receiver: Receiver, protocol: str) -> None:
    run_dir = recorder.demo(_to(receiver, protocol))

    spans = recorded(run_dir, recorder.service)
    calls = [span for span in spans if span.attributes.get("gen_ai.operation.name") in ("chat", "embeddings")]
    assert len(calls) == 10
    answer = _arrive(receiver, spans)
    assert TOKEN.encode() not in answer
    texts = said(run_dir)
    assert "Is this readable?" in [text.partition("\n")[0] for text in texts]
    assert [text for text in texts if json.dumps(text)[1:-1].encode() in answer] == []
    assert b"gen_ai.input.messages" not in answer
    assert _shipped(run_dir) == _all_sent(receiver, protocol, len(spans))


@pytest.mark.parametrize("receiver", ["jaeger", "tempo", "agent"], indirect=True)
def test_what_was_said_goes_with_it_where_that_is_asked_for(recorder: Recorder, receiver: Receiver) -> None:
    recorder.configure("[otlp]\ngrace_s = 60\ncontent = true\n")
    run_dir = recorder.demo(_to(receiver))

    spans = recorded(run_dir, recorder.service, content=True)
    chats = [span for span in spans if span.attributes.get("gen_ai.operation.name") == "chat"]
    assert len(chats) == 9
    first = chats[0].attributes["gen_ai.input.messages"][0]
    assert (first["role"], first["parts"][0]["content"].partition("\n")[0]) == (
        "user",
        "The tests of calculator.py fail. Find out why and fix it.",
    )
    answer = _arrive(receiver, spans)
    assert TOKEN.encode() not in answer
    assert b"The tests of calculator.py fail" in answer


@pytest.mark.parametrize("receiver", ["jaeger", "tempo", "agent"], indirect=True)
def test_of_ten_thousand_spans_none_is_lost(recorder: Recorder, receiver: Receiver) -> None:
    run_dir = recorder.program(MANY, _to(receiver))

    spans = recorded(run_dir, recorder.service)
    assert len(spans) == 10_001
    _arrive(receiver, spans)
    assert _shipped(run_dir) == _all_sent(receiver, "http/protobuf", 10_001)


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
@pytest.mark.parametrize("start", [running.jaeger, running.tempo], ids=["jaeger", "tempo"])
def test_what_was_recorded_while_the_backend_was_down_can_be_sent_later(
    recorder: Recorder,
    tmp_path: Path,
    start: Callable[[Path, int, int], AbstractContextManager[Receiver]],
    protocol: str,
) -> None:
    http, grpc = free_ports(2)
    nowhere = running.Receiver(http, grpc, ())
    recorder.configure("[otlp]\ngrace_s = 1\n")
    run_dir = recorder.program(SHOP, _to(nowhere, protocol))
    spans = recorded(run_dir, recorder.service)
    _wait_until(lambda: not is_sending(run_dir))
    in_vain = {"sent": 0, "waiting": 4, "failure": "connection refused"}
    assert _shipped(run_dir) == _all_sent(nowhere, protocol, 0) | in_vain

    with start(tmp_path, http, grpc) as receiver:
        environ = _to(receiver, protocol)
        pushed = recorder.tacho("push", "--json", env=environ)
        assert (pushed.returncode, pushed.stderr) == (0, "")
        assert json.loads(pushed.stdout)["traces"] == _all_sent(receiver, protocol, 4)
        _arrive(receiver, spans)

        again = recorder.tacho("push", "--json", env=environ)
        assert (again.returncode, again.stdout) == (0, pushed.stdout), "nothing is sent twice"
        _arrive(receiver, spans)


def test_what_did_not_go_through_tachograph_is_redacted_by_the_gateway(collectors: tuple[Receiver, Receiver]) -> None:
    agent, _ = collectors
    words = {
        "github": TOKEN,
        "anthropic": "sk-" + "ant-api03-" + "Ab3_" * 12,
        "aws": "AKIA" + "QX7B" * 4,
        "bearer": "Bearer " + "q9Zk" * 8,
    }
    provider = TracerProvider(resource=Resource({"service.name": "some other program", "owner": f"of {TOKEN}"}))
    exporter = OTLPSpanExporter(f"{agent.endpoint('http/protobuf')}/v1/traces")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    told = {name: f"it is {word}, see" for name, word in words.items()}
    with provider.get_tracer("other").start_as_current_span(
        "ask",
        attributes={
            **told,
            "url": "https://ada:" + "lovelace@example.org/x",
            "many": ["plain", TOKEN],
            "http.request.header.authorization": "anything",
            "gen_ai.usage.input_tokens": 42,
            "plain": "nothing to hide",
        },
    ) as span:
        span.add_event("said", {"text": f"use {TOKEN}"})
    provider.shutdown()

    for store in agent.stores:
        (found,), answer = store.arrived(f"{span.get_span_context().trace_id:032x}", 1)
        assert found.attributes == {
            "github": "it is ****, see",
            "anthropic": "it is ****, see",
            "aws": "it is ****, see",
            "bearer": "it is ****, see",
            "url": "https****example.org/x",
            "many": '["plain","****"]',
            "http.request.header.authorization": "****",
            "gen_ai.usage.input_tokens": 42,
            "plain": "nothing to hide",
            "redaction.masked.count": 7,
        }
        assert [(name, more) for name, _, more in found.events] == [
            ("said", {"text": "use ****", "redaction.masked.count": 1})
        ]
        assert found.resource["owner"] == "of ****"
        assert [word for word in words.values() if word.encode() in answer] == []


@pytest.mark.parametrize("files", [("agent",), ("gateway",), ("gateway", "clickhouse")], ids=" and ".join)
def test_the_collector_takes_its_files(files: tuple[str, ...]) -> None:
    words = [word for name in files for word in ("--config", running.CONFIG / f"{name}.yaml")]
    done = subprocess.run([binary(COLLECTOR), "validate", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_collector_does_not_start_without_its_clickhouse() -> None:
    words = [word for name in ("gateway", "clickhouse") for word in ("--config", running.CONFIG / f"{name}.yaml")]
    listens = {f"GATEWAY_{name}": "127.0.0.1:0" for name in ("GRPC", "HTTP", "HEALTH")}
    env = {**os.environ, **listens, "CLICKHOUSE_ENDPOINT": "tcp://127.0.0.1:1"}

    done = subprocess.run([binary(COLLECTOR), *words], env=env, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert 'failed to start "clickhouse" exporter: create database: dial tcp 127.0.0.1:1' in done.stderr


def test_the_compose_file_is_one_and_mounts_what_there_is() -> None:
    done = subprocess.run(
        [binary(COMPOSE), ROOT / "docker-compose.yml"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    services: dict[str, dict[str, Any]] = json.loads(done.stdout)["services"]
    assert {name: service["image"] for name, service in services.items()} == {
        "collector": "otel/opentelemetry-collector-contrib:0.161.0",
        "grafana": "grafana/grafana:12.4.10",
        "jaeger": "jaegertracing/all-in-one:1.62.0",
        "tempo": "grafana/tempo:2.10.8",
    }
    mounts = [mount for service in services.values() for mount in service.get("volumes", []) if mount["type"] == "bind"]
    assert sorted(Path(mount["source"]).relative_to(ROOT).as_posix() for mount in mounts) == [
        "collector-config/gateway.yaml",
        "collector-config/grafana",
        "collector-config/tempo.yaml",
    ]
    assert [mount["source"] for mount in mounts if not Path(mount["source"]).exists()] == []
    ports = [port for service in services.values() for port in service["ports"]]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}, "open to this machine alone"


def _wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
