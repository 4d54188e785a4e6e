"""What a program says through the Logs API is in the journal, sealed, and goes on as it was said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.receiver import attributes

from tachograph.sending.sender_process import is_sending

if TYPE_CHECKING:
    from tests.receiver import Receiver

    from integration.otlp.conftest import Sending

SECRET = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
INSTRUMENT = str(Path(sys.executable).with_name("opentelemetry-instrument"))

EMIT = f"""
from opentelemetry._logs import LogRecord, SeverityNumber, get_logger
from opentelemetry import trace
logger = get_logger("shop", "1.2", schema_url="https://opentelemetry.io/schemas/1.37.0")
with trace.get_tracer("mine").start_as_current_span("outer"):
    logger.emit(
        timestamp=1_700_000_000_000_000_001,
        severity_number=SeverityNumber.WARN2,
        severity_text="WARN2",
        body={{"cart": ["apple", 2, 0.5, True, None], "token": "{SECRET}"}},
        attributes={{"deep": {{"list": [1, {{"key": "{SECRET}"}}]}}, "n": 1}},
        event_name="cart.checked",
    )
logger.emit(LogRecord(body="alone"))
try:
    1 / 0
except ZeroDivisionError as error:
    logger.emit(severity_number=SeverityNumber.ERROR, exception=error)
print("done")
"""
START = """
import tachograph
assert tachograph.start() is not None
"""
THEIRS = """
from opentelemetry import _logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor, LogRecordExporter
class Theirs(LogRecordExporter):
    def export(self, batch): print("exported", [record.log_record.body for record in batch], flush=True)
    def shutdown(self): pass
    def force_flush(self, timeout_millis=0): return True
provider = LoggerProvider()
provider.add_log_record_processor(SimpleLogRecordProcessor(Theirs()))
_logs.set_logger_provider(provider)
assert _logs.get_logger_provider() is provider
"""


def launched(sending: Sending, way: str, program: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Record a program in one of the ways there are, with every warning an error."""
    (sending.folder / "program.py").write_text(program, "utf-8")
    command = [sys.executable, "-W", "error", "program.py"]
    if way == "tacho run":
        return sending.tacho("run", "--", *command, **env)
    return subprocess.run(
        [INSTRUMENT, *command] if way == "opentelemetry-instrument" else command,
        cwd=sending.folder,
        env={**sending.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def recorded(sending: Sending, kind: str) -> list[dict[str, Any]]:
    """The records of a type in the journals of the only run, in the order of their writing."""
    lines = [line for path in sending.run_dir().glob("journal-*") for line in path.read_bytes().splitlines()]
    return [record for line in lines if (record := json.loads(line))["type"] == kind]


def logs(receiver: Receiver) -> list[dict[str, Any]]:
    """The log records it took, as plain values."""
    return [
        {
            "name": record.event_name,
            "severity": (record.severity_number, record.severity_text),
            "body": attributes_of(record),
            "attributes": attributes(record),
            "scope": (scope.scope.name, scope.scope.version, scope.schema_url),
            "ids": (record.trace_id.hex(), record.span_id.hex()),
            "time_ns": record.time_unix_nano,
            "service": attributes(group.resource)["service.name"],
        }
        for path, message in receiver.taken
        if path == "/v1/logs"
        for group in message.resource_logs
        for scope in group.scope_logs
        for record in scope.log_records
    ]


def attributes_of(record: Any) -> Any:
    """The body of a log record as a plain value."""
    from opentelemetry.proto.common.v1.common_pb2 import KeyValue
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

    return attributes(Resource(attributes=[KeyValue(key="body", value=record.body)]))["body"]


@pytest.mark.parametrize("way", ["tacho run", "opentelemetry-instrument"])
def test_log_records_arrive_as_they_were_said(sending: Sending, receiver: Receiver, way: str) -> None:
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_LOGS_EXPORTER": "otlp", "OTEL_SERVICE_NAME": "shop"}
    done = launched(sending, way, EMIT, **env)

    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    (outer,) = [record for record in sending.ended() if record["name"] == "outer"]
    sealed = recorded(sending, "event")[0]["fields"]["deep"]["list"][1]["key"]
    assert sealed.startswith("[REDACTED:github-token:")
    first, second, third = logs(receiver)
    assert first == {
        "name": "cart.checked",
        "severity": (14, "WARN2"),
        "body": {"cart": ["apple", 2, 0.5, True, None], "token": sealed},
        "attributes": {"deep": {"list": [1, {"key": sealed}]}, "n": 1},
        "scope": ("shop", "1.2", "https://opentelemetry.io/schemas/1.37.0"),
        "ids": (outer["trace_id"], outer["span_id"]),
        "time_ns": 1_700_000_000_000_000_001,
        "service": "shop",
    }
    assert (second["name"], second["severity"], second["body"], second["attributes"], second["ids"]) == (
        "",
        (0, ""),
        "alone",
        {},
        ("", ""),
    )
    assert (third["severity"][0], third["attributes"]["exception.type"], third["attributes"]["exception.message"]) == (
        17,
        "ZeroDivisionError",
        "division by zero",
    )
    assert SECRET.encode() not in receiver.wire
    report = json.loads(sending.tacho("show", "--json").stdout)
    assert {event["name"]: event["count"] for event in report["events"]} == {"cart.checked": 1, "log": 2}


def test_the_record_of_a_log(sending: Sending) -> None:
    assert launched(sending, "tacho run", EMIT).stderr == ""
    first, second, _ = recorded(sending, "event")
    (outer,) = sending.ended()
    for told in (first, second):
        assert set(told) - {"ts", "run", "pid", "redacted", "time_ns", "observed_ns"} == set(told) & {
            *("type", "severity", "trace_id", "span_id", "name", "scope", "severity_text", "body", "fields")
        }
    assert (first["redacted"], first["severity"], first["severity_text"], first["time_ns"]) == (
        {"github-token": 2},
        14,
        "WARN2",
        1_700_000_000_000_000_001,
    )
    assert (first["trace_id"], first["span_id"]) == (outer["trace_id"], outer["span_id"])
    assert (second["name"], second["severity"], second["body"], second["scope"]) == ("log", 0, "alone", "shop")
    scopes = {record["name"]: (record["version"], record["schema_url"]) for record in recorded(sending, "scope")[:1]}
    assert scopes == {"shop": ("1.2", "https://opentelemetry.io/schemas/1.37.0")}


def test_without_the_signal_of_logs_they_are_events_of_their_span(sending: Sending, receiver: Receiver) -> None:
    launched(sending, "tacho run", EMIT, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    (outer,) = [span for span in receiver.spans() if span["name"] == "outer"]
    (event,) = outer["events"]
    told = {pair["key"]: pair["value"] for pair in event["attributes"]}
    assert (event["name"], event["timeUnixNano"]) == ("cart.checked", "1700000000000000001")
    assert sorted(told) == ["deep", "level", "logger", "message", "n"]
    assert (told["level"], told["logger"]) == ({"stringValue": "WARN2"}, {"stringValue": "shop"})


@pytest.mark.parametrize(
    ("program", "kept", "exported"),
    [
        (THEIRS + START + "{early}{late}", 3, 3),
        (START + THEIRS + "{early}{late}", 3, 3),
        (START + "{early}" + THEIRS + "{late}", 3, 2),
        ("{early}" + START + THEIRS + "{late}", 2, 2),
    ],
    ids=["theirs first", "ours first", "ours in use", "an API logger before all"],
)
def test_a_logger_provider_of_the_programs_own_is_kept_and_recorded(
    sending: Sending, receiver: Receiver, program: str, kept: int, exported: int
) -> None:
    early = "from opentelemetry._logs import get_logger\nearly = get_logger('e')\nearly.emit(body='before')\n"
    late = "early.emit(body='by an early logger')\nget_logger('l').emit(body='by a late one')\n"
    env = {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": f"{receiver.url}/v1/logs"}
    done = launched(sending, "python", program.replace("{early}", early).replace("{late}", late), **env)

    names = ["before", "by an early logger", "by a late one"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(f"exported ['{name}']\n" for name in names[-exported:])
    assert [record["body"] for record in recorded(sending, "event")] == names[-kept:]
    # What its exporters get is not sent a second time, unless the settings say so.
    assert [record["body"] for record in logs(receiver)] == names[-kept:][: kept - exported]
    (sending.folder / "tachograph.toml").write_text("[otlp]\nown_provider = true\n")
    # The process that sent the run keeps its lock for a moment longer.
    sending.wait_until(lambda: not is_sending(sending.run_dir()))
    pushed = sending.tacho("push", "--again", **env)
    assert (pushed.returncode, pushed.stderr) == (0, "")
    assert [record["body"] for record in logs(receiver)][kept - exported :] == names[-kept:]


def test_a_record_of_logging_is_recorded_once(sending: Sending) -> None:
    program = """
import logging, logging.handlers, queue, warnings
from opentelemetry._logs import get_logger
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from opentelemetry.sdk._logs import LoggingHandler
    handler = LoggingHandler()
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel("INFO")
logging.getLogger("a").warning("first %d", 1)
logging.getLogger("a").info("too low to join by itself")
passed = queue.SimpleQueue()
logging.getLogger().removeHandler(handler)
logging.getLogger().addHandler(logging.handlers.QueueHandler(passed))
listener = logging.handlers.QueueListener(passed, handler)
listener.start()
logging.getLogger("a").error("second")
listener.stop()
"""
    done = launched(sending, "tacho run", program)
    assert (done.returncode, done.stderr) == (0, "")
    told = [(r.get("body") or r["fields"]["message"], "severity" in r) for r in recorded(sending, "event")]
    assert told == [("first 1", False), ("too low to join by itself", True), ("second", False)]


CHAT = """
import os, sys
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument()
import openai
client = openai.OpenAI(api_key="none", base_url=sys.argv[1] + "/v1", max_retries=0)
client.chat.completions.create(model="gpt-5.1", messages=[{"role": "user", "content": "What is a tide?"}])
"""


@pytest.mark.parametrize("logs_on", [True, False])
@pytest.mark.parametrize("capture", ["EVENT_ONLY", "SPAN_AND_EVENT"])
def test_events_of_an_instrumentation_hold_content_where_it_is_asked_for(
    sending: Sending, receiver: Receiver, provider: str, capture: str, *, logs_on: bool
) -> None:
    (sending.folder / "chat.py").write_text(CHAT)
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": capture,
        **({"OTEL_LOGS_EXPORTER": "otlp"} if logs_on else {}),
    }
    done = sending.tacho("run", "--", sys.executable, "chat.py", provider, **env)
    assert (done.returncode, done.stderr) == (0, "")
    name = "gen_ai.client.inference.operation.details"
    (record,) = [record for record in recorded(sending, "event") if record["name"] == name]
    asked = [{"role": "user", "parts": [{"type": "text", "content": "What is a tide?"}]}]
    (told,) = record["fields"]["gen_ai.input.messages"]
    assert (told["role"], told["parts"][0]["content"]) == ("user", "What is a tide?")
    if logs_on:
        (sent,) = [log for log in logs(receiver) if log["name"] == name]
        assert [message["parts"] for message in sent["attributes"]["gen_ai.input.messages"]] == [asked[0]["parts"]]
        assert sent["scope"][0] == "opentelemetry.instrumentation.genai.openai"
    else:
        events = [event for span in receiver.spans() for event in span.get("events", []) if event["name"] == name]
        assert "What is a tide?" in json.dumps(events)


def test_content_of_events_stays_where_nobody_asks_for_it(sending: Sending, receiver: Receiver) -> None:
    program = """
from opentelemetry._logs import get_logger
logger = get_logger("others")
logger.emit(event_name="gen_ai.user.message", body={"content": "SPOKEN 1"}, attributes={"gen_ai.system": "openai"})
logger.emit(body={"content": "SPOKEN 2"}, attributes={"event.name": "gen_ai.choice", "gen_ai.system": "openai"})
logger.emit(event_name="mine", body={"prompt": "SPOKEN 3", "n": 1}, attributes={"gen_ai.input.messages": "SPOKEN 4"})
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_LOGS_EXPORTER": "otlp"}
    assert launched(sending, "tacho run", program, **env).stderr == ""
    assert [(log["name"], log["body"], log["attributes"]) for log in logs(receiver)] == [
        ("gen_ai.user.message", None, {"gen_ai.system": "openai"}),
        ("", None, {"event.name": "gen_ai.choice", "gen_ai.system": "openai"}),
        ("mine", {"n": 1}, {}),
    ]
    assert b"SPOKEN" not in receiver.wire
    assert json.dumps(recorded(sending, "event")).count("SPOKEN") == 4


def test_content_of_events_is_not_kept_where_content_is_off(sending: Sending) -> None:
    program = """
from opentelemetry._logs import get_logger
get_logger("others").emit(event_name="gen_ai.choice", body="SPOKEN", attributes={"gen_ai.output.messages": "SPOKEN"})
get_logger("others").emit(body="kept")
"""
    assert launched(sending, "tacho run", program, TACHOGRAPH_CONTENT="off").stderr == ""
    first, second = recorded(sending, "event")
    assert ("SPOKEN" in json.dumps(first), first["name"], second["body"]) == (False, "gen_ai.choice", "kept")


@pytest.mark.parametrize("way", ["tacho run", "opentelemetry-instrument"])
def test_another_exporter_gets_redacted_copies(sending: Sending, way: str) -> None:
    done = launched(sending, way, EMIT.replace('"shop", "1.2"', f'"{SECRET}", "1.2"'), OTEL_LOGS_EXPORTER="console")
    assert (done.returncode, done.stderr) == (0, "")
    assert (SECRET in done.stdout, "cart.checked" in done.stdout) == (False, True)
    assert done.stdout.count("[REDACTED:github-token:") == 2


def test_a_program_that_looks_whether_there_are_providers_sets_its_own(sending: Sending, receiver: Receiver) -> None:
    program = """
from opentelemetry import _logs, metrics
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
_logs.get_logger("a library").emit(body="before")
metrics.get_meter("a library").create_counter("before").add(1)
for found, kind, put in (
    (_logs.get_logger_provider, LoggerProvider, _logs.set_logger_provider),
    (metrics.get_meter_provider, MeterProvider, metrics.set_meter_provider),
):
    if not isinstance(found(), kind):
        put(kind())
    print(type(found()) is kind)
_logs.get_logger("a library").emit(body="after")
metrics.get_meter("a library").create_counter("after").add(1)
"""
    env = {"OTEL_METRICS_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}
    done = launched(sending, "tacho run", program, **env)

    assert (done.returncode, done.stdout, done.stderr) == (0, "True\nTrue\n", "")
    told = {record["body"]: record.get("own_provider", False) for record in recorded(sending, "event")}
    told |= {record["name"]: record.get("own_provider", False) for record in recorded(sending, "metric")}
    assert told == {"before": False, "after": True}


def test_what_is_logged_while_the_provider_is_made(sending: Sending) -> None:
    program = """
import logging, warnings
warnings.simplefilter("ignore")
from opentelemetry.sdk._logs import LoggingHandler
logging.getLogger().addHandler(LoggingHandler())
logging.getLogger("app").warning("hello")
print("done")
"""
    done = sending.record(program, OTEL_LOGS_EXPORTER="no-such-one")
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_an_exporter_that_is_not_there_costs_one_warning(sending: Sending) -> None:
    done = launched(sending, "tacho run", EMIT, OTEL_LOGS_EXPORTER="otlp,nowhere")
    said = (
        "tachograph: OTEL_LOGS_EXPORTER: no exporter named nowhere is installed. "
        "Install its package, or change the variable.\n"
    )
    assert done.stderr == said
    assert len(recorded(sending, "event")) == 3


def test_a_processor_the_program_adds_gets_redacted_copies(sending: Sending) -> None:
    program = f"""
from opentelemetry import _logs
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor, ConsoleLogRecordExporter
_logs.get_logger_provider().add_log_record_processor(SimpleLogRecordProcessor(ConsoleLogRecordExporter()))
{EMIT}
"""
    done = launched(sending, "tacho run", program)
    assert (done.returncode, done.stderr, SECRET in done.stdout) == (0, "", False)
    assert done.stdout.count('"event_name"') == 3


def test_levels_and_event_kinds_that_are_off(sending: Sending) -> None:
    (sending.folder / "tachograph.toml").write_text('[events]\ndisabled = ["cart.checked"]\n')
    launched(sending, "tacho run", EMIT)
    assert [record["name"] for record in recorded(sending, "event")] == ["log", "log"]


def test_the_level_of_errors_keeps_errors(sending: Sending) -> None:
    launched(sending, "tacho run", EMIT, TACHOGRAPH_LEVEL="error")
    assert [record["severity"] for record in recorded(sending, "event")] == [17]


def test_what_a_program_says_wrongly_does_no_harm(sending: Sending, receiver: Receiver) -> None:
    program = """
from opentelemetry._logs import get_logger
class Odd:
    def __repr__(self): raise ValueError
    __str__ = __repr__
class Error(Exception):
    def __str__(self): raise ValueError
logger = get_logger("")
logger.emit(timestamp=1 << 80, severity_number=99, body=Odd(), attributes={"x": Odd(), 3: {1, 2}}, event_name="error")
logger.emit(timestamp="now", body=float("nan"), attributes=None)
logger.emit(exception=Error())
logger.emit(body=b"bytes", attributes={str(n): n for n in range(500)})
print(logger.enabled())
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_LOGS_EXPORTER": "otlp"}
    done = launched(sending, "tacho run", program, **env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    told = [(log["name"], log["severity"][0], log["body"], len(log["attributes"])) for log in logs(receiver)]
    assert told == [("error", 0, "<__main__.Odd>", 2), ("", 0, None, 0), ("", 0, None, 3), ("", 0, "bytes", 500)]
    report = json.loads(sending.tacho("show", "--json").stdout)
    assert (report["outcome"]["status"], report["errors"], report["dropped"]["faults"]) == ("completed", [], 0)


def test_limits_that_the_environment_sets_wrongly_stop_no_program(sending: Sending) -> None:
    done = launched(sending, "tacho run", EMIT, OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT="many")
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert done.stderr == (
        "tachograph: what goes through the Logs API is not recorded: "
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT must be a non-negative integer but got many\n"
    )


def test_a_program_that_forks(sending: Sending) -> None:
    program = """
import os
from opentelemetry._logs import get_logger
logger = get_logger("l")
logger.emit(body="before")
child = os.fork()
if child == 0:
    logger.emit(body="in the child")
    raise SystemExit
os.waitpid(child, 0)
logger.emit(body="after")
"""
    done = launched(sending, "tacho run", program)
    assert (done.returncode, done.stderr) == (0, "")
    said = {record["body"]: record["pid"] for record in recorded(sending, "event")}
    assert sorted(said) == ["after", "before", "in the child"]
    assert said["before"] == said["after"] != said["in the child"]


def test_what_was_said_before_a_kill_is_there(sending: Sending, receiver: Receiver) -> None:
    program = """
import os, signal
from opentelemetry._logs import get_logger
for number in range(1000):
    get_logger("l").emit(body=number)
os.kill(os.getpid(), signal.SIGKILL)
"""
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_LOGS_EXPORTER": "otlp"}
    assert launched(sending, "tacho run", program, **env).returncode == -9
    assert [record["body"] for record in recorded(sending, "event")] == list(range(1000))
    sending.wait_until(lambda: len(logs(receiver)) == 1000)
