"""Receivers that fail: the program is not slowed, ends on time, and nothing is lost."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pytest
from tests.receiver import Receiver, answer, first, partly, reset, status

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler

    from integration.otlp.conftest import Sending

PROGRAM = """
import time
from opentelemetry import trace
tracer = trace.get_tracer("mine")
begun = time.perf_counter()
for number in range(200):
    tracer.start_span(f"step {number}").end()
print(time.perf_counter() - begun < 5)
"""
STEPS = ["program.py", *sorted(f"step {number}" for number in range(200))]
SECRET = "ghp_" + "a1B2c3D4" * 4 + "e5F6"
GRACE_S = 2.0
HANGS_S = 40.0
TACHO = str(Path(sys.executable).with_name("tacho"))


@pytest.fixture
def short(sending: Sending) -> Sending:
    """A folder whose runs wait for two seconds at most."""
    (sending.folder / "tachograph.toml").write_text(f"[otlp]\ngrace_s = {GRACE_S}\n")
    return sending


def hang(handler: BaseHTTPRequestHandler) -> None:
    del handler
    time.sleep(HANGS_S)


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "manner",
    [
        reset,
        break_off,
        status(503, retry_after="0.2"),
        status(429),
    ],
    ids=["reset", "closed in the middle", "503 with Retry-After", "429"],
)
def test_a_receiver_that_recovers_gets_everything_once(
    sending: Sending, receiver: Receiver, manner: Callable[[Any], None]
) -> None:
    receiver.manner = first(1, manner)
    done = sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    sending.wait_until(lambda: len(receiver.spans()) >= len(STEPS))
    assert receiver.names() == STEPS


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        (hang, "not sent in time"),
        (status(503, retry_after="60"), "503 Service Unavailable"),
        (status(401), "401 Unauthorized"),
        (status(404), "404 Not Found"),
        (
            status(200, b"<html>", content_type="text/html"),
            "200 OK with a web page: not an OTLP receiver",
        ),
        (
            status(302, location="/v1/traces"),
            "302 Found: not an OTLP receiver",
        ),
    ],
    ids=["never answers", "503 for long", "401", "404", "a web page", "a redirect"],
)
def test_what_was_not_sent_is_said_and_can_be_sent_later(
    short: Sending, receiver: Receiver, manner: Callable[[Any], None], failure: str
) -> None:
    receiver.manner = first(1_000, manner)
    begun = time.monotonic()
    done = short.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    # It is not the receiver's time that counts; interpreters start beside the waiting.
    assert time.monotonic() - begun < HANGS_S - 5
    short.wait_until(lambda: short.sent()[0]["waiting"] == len(STEPS))
    (sent,) = short.sent()
    assert (sent["sent"], sent["failure"]) == (0, failure)
    assert "tacho push" in short.tacho("show").stdout

    receiver.manner = None
    pushed = short.tacho("push", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert (pushed.returncode, pushed.stdout) == (0, f"traces: {len(STEPS)} items sent to {receiver.url}/v1/traces\n")
    assert receiver.names() == STEPS
    assert {span["spanId"] for span in receiver.spans() if span["name"] != "program.py"} == {
        base64.b64encode(bytes.fromhex(record["span_id"])).decode() for record in short.ended()
    }
    again = short.tacho("push", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert again.stdout == f"traces: 0 items sent to {receiver.url}/v1/traces, {len(STEPS)} already sent before\n"
    assert receiver.names() == STEPS


def test_nobody_listens(short: Sending) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = short.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    short.wait_until(lambda: short.sent()[0]["waiting"] == len(STEPS))
    (sent,) = short.sent()
    assert (sent["sent"], sent["failure"]) == (0, "connection refused")


def test_one_span_that_is_refused_does_not_keep_the_others(sending: Sending, receiver: Receiver) -> None:
    def poisoned(handler: BaseHTTPRequestHandler, path: str, message: Any) -> bool:
        del path
        names = {s.name for group in message.resource_spans for scope in group.scope_spans for s in scope.spans}
        if "step 77" in names:
            answer(handler, 400)
            return True
        return False

    receiver.manner = poisoned
    done = sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert done.returncode == 0
    sending.wait_until(lambda: len(receiver.spans()) == len(STEPS) - 1)
    assert receiver.names() == [name for name in STEPS if name != "step 77"]
    (sent,) = sending.sent()
    told = {key: sent[key] for key in ("sent", "refused", "waiting", "refusal")}
    assert told == {"sent": len(STEPS) - 1, "refused": 1, "waiting": 0, "refusal": "400 Bad Request"}


def test_a_partial_success_is_said(sending: Sending, receiver: Receiver) -> None:
    receiver.manner = first(1, status(200, partly(3, f"three too many {SECRET}")))
    assert sending.record(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url).returncode == 0
    (sent,) = sending.sent()
    told = {key: sent[key] for key in ("sent", "refused", "waiting", "failure", "refusal")}
    assert told == {
        "sent": len(STEPS) - 3,
        "refused": 3,
        "waiting": 0,
        "failure": None,
        "refusal": ANY,
    }
    assert sent["refusal"].startswith("three too many [REDACTED:github-token")
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in sending.run_dir().iterdir())


@pytest.mark.parametrize(
    ("env", "failure"),
    [
        (
            {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
            "the protocol http/json is not known. Use http/protobuf or grpc",
        ),
        ({"OTEL_EXPORTER_OTLP_CERTIFICATE": "no-such-file", "OTEL_EXPORTER_OTLP_ENDPOINT": "https://127.0.0.1:1"}, ""),
    ],
)
def test_variables_that_cannot_be_used_are_said(
    short: Sending, receiver: Receiver, env: dict[str, str], failure: str
) -> None:
    done = short.record(PROGRAM, **{"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, **env})
    assert (done.returncode, done.stdout) == (0, "True\n")
    short.wait_until(lambda: short.sent()[0]["failure"] is not None)
    assert short.sent()[0]["failure"].startswith(failure)


def test_a_run_that_is_being_sent_is_not_pushed(sending: Sending, receiver: Receiver) -> None:
    program = (
        "import time\nfrom opentelemetry import trace\ntrace.get_tracer('m').start_span('one').end()\ntime.sleep(6)"
    )
    (sending.folder / "program.py").write_text(program)
    environ = {**sending.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}
    words = [TACHO, "run", "--", sys.executable, "program.py"]
    with subprocess.Popen(words, cwd=sending.folder, env=environ) as process:
        sending.wait_until(lambda: "one" in receiver.names())
        pushed = sending.tacho("push", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
        assert (pushed.returncode, pushed.stdout) == (1, "")
        assert "is already being sent" in pushed.stderr
        assert process.wait(30) == 0
