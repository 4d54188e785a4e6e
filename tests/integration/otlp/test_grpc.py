"""OTLP over gRPC, against a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

if TYPE_CHECKING:
    from collections.abc import Generator

    from integration.otlp.conftest import Sending

PROGRAM = """
from opentelemetry import trace
tracer = trace.get_tracer("mine")
for number in range(20):
    tracer.start_span(f"step {number}").end()
"""
STEPS = ["program.py", *sorted(f"step {number}" for number in range(20))]


class Service(trace_service_pb2_grpc.TraceServiceServicer):
    """Takes spans; fails the first times with a code."""

    def __init__(self, code: Any = None, times: int = 0) -> None:
        self.names: list[str] = []
        self.metadata: dict[str, Any] = {}
        self._code = code
        self._left = times

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name of the service's method
        self.metadata = dict(context.invocation_metadata())
        if self._left:
            self._left -= 1
            context.abort(self._code, "not now")
        self.names += [s.name for group in request.resource_spans for scope in group.scope_spans for s in scope.spans]
        return ExportTraceServiceResponse()


@contextmanager
def serving(service: Service, credentials: Any = None) -> Generator[dict[str, str]]:
    """The variables that name a server with a service, over TLS where it has credentials."""
    server: Any = grpc.server(ThreadPoolExecutor(2))
    generated: Any = trace_service_pb2_grpc
    generated.add_TraceServiceServicer_to_server(service, server)
    address, scheme = "127.0.0.1:0", "http" if credentials is None else "https"
    port = server.add_insecure_port(address) if credentials is None else server.add_secure_port(address, credentials)
    server.start()
    yield {"OTEL_EXPORTER_OTLP_ENDPOINT": f"{scheme}://127.0.0.1:{port}", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    server.stop(None)


def test_spans_arrive_with_the_headers(sending: Sending) -> None:
    service = Service()
    with serving(service) as env:
        done = sending.record(PROGRAM, OTEL_EXPORTER_OTLP_HEADERS="x-team=blue", **env)
    assert (done.returncode, done.stderr) == (0, "")
    assert (sorted(service.names), service.metadata["x-team"]) == (STEPS, "blue")
    (sent,) = sending.sent()
    assert (sent["sent"], sent["waiting"], sent["failure"]) == (len(STEPS), 0, None)


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_what_may_be_tried_again_is(sending: Sending, code: Any) -> None:
    service = Service(code, 1)
    with serving(service) as env:
        sending.record(PROGRAM, **env)
        sending.wait_until(lambda: len(service.names) >= len(STEPS))
    assert sorted(service.names) == STEPS


def test_what_must_not_be_tried_again_is_said(sending: Sending) -> None:
    service = Service(grpc.StatusCode.UNAUTHENTICATED, 1_000)
    with serving(service) as env:
        sending.record(PROGRAM, **env)
        sending.wait_until(lambda: sending.sent()[0]["waiting"] == len(STEPS))
    (sent,) = sending.sent()
    assert (sent["sent"], sent["failure"]) == (0, "UNAUTHENTICATED: not now")
    assert service.names == []
