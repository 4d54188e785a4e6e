"""An OTLP receiver over HTTP that keeps what it gets and can misbehave."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from ssl import SSLContext

REQUESTS: dict[str, Any] = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
}


class Receiver:
    """The receiver; use it as a context manager.

    Attributes
    ----------
    url
        Its base URL.
    taken
        The requests it took, as the path and the message.
    asked
        The path and the headers of every request.
    wire
        The bytes of all bodies, uncompressed.
    manner
        What it does with a request: None takes it; otherwise called with the handler, the path and the message, and
        returns whether it has answered.
    """

    def __init__(self, port: int = 0, tls: SSLContext | None = None) -> None:
        self.taken: list[tuple[str, Any]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.wire = b""
        self.manner: Callable[[BaseHTTPRequestHandler, str, Any], bool] | None = None
        self._port = port
        self._tls = tls

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Write no access log."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.wire += body
                receiver.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                message = REQUESTS[self.path]()
                message.ParseFromString(body)
                if receiver.manner is None or not receiver.manner(self, self.path, message):
                    receiver.taken.append((self.path, message))
                    with suppress(OSError):
                        answer(self, 200)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing of connections that were broken on purpose."""

        self._server = Server(("127.0.0.1", self._port), Handler)
        scheme = "http"
        if self._tls is not None:
            scheme = "https"
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def spans(self) -> list[dict[str, Any]]:
        """The spans it took, each with its resource and the name of its scope, in the order of their start."""
        found = [
            {**MessageToDict(span), "resource": attributes(group.resource), "scope": scope.scope.name}
            for path, message in self.taken
            if path == "/v1/traces"
            for group in message.resource_spans
            for scope in group.scope_spans
            for span in scope.spans
        ]
        return sorted(found, key=lambda span: int(span["startTimeUnixNano"]))

    def names(self) -> list[str]:
        """The names of the spans it took, sorted."""
        return sorted(span["name"] for span in self.spans())


def attributes(holder: Any) -> dict[str, Any]:
    """The attributes of a message as plain values."""
    return {pair.key: _plain(pair.value) for pair in holder.attributes}


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
    return None if kind is None else getattr(value, kind)


def answer(handler: BaseHTTPRequestHandler, code: int, body: bytes = b"", **headers: str) -> None:
    """Answer a request."""
    handler.send_response(code)
    handler.send_header("content-type", headers.pop("content_type", "application/x-protobuf"))
    handler.send_header("content-length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with a status."""

    def then(handler: BaseHTTPRequestHandler) -> None:
        answer(handler, code, body, **headers)

    return then


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # The files made of a socket would keep it open.
    os.close(handler.connection.detach())
    handler.close_connection = True


def partly(rejected: int, message: str) -> bytes:
    """The answer of a receiver that has not taken everything."""
    partial = ExportTracePartialSuccess(rejected_spans=rejected, error_message=message)
    return ExportTraceServiceResponse(partial_success=partial).SerializeToString()


def first(times: int, then: Callable[[BaseHTTPRequestHandler], None]) -> Callable[..., bool]:
    """A manner that holds for a number of requests."""
    left: Iterator[int] = iter(range(times))

    def manner(handler: BaseHTTPRequestHandler, *_: object) -> bool:
        if next(left, None) is None:
            return False
        then(handler)
        return True

    return manner
