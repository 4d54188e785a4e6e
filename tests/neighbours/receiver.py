"""Takes whatever a tool sends home, over OTLP or in a format of its own."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.receiver import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator


class Sent(NamedTuple):
    """One request."""

    path: str
    kind: str
    body: bytes


class Receiver:
    """The receiver; use it as a context manager. It says yes to everything and keeps it in `sent`."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Write no access log."""

            def do_GET(self) -> None:
                self._take(b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                self._take(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)

            def _take(self, body: bytes) -> None:
                receiver.sent.append(Sent(self.path, self.headers.get("content-type") or "", body))
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def spans(self) -> list[dict[str, Any]]:
        """The spans that came over OTLP, with their resource and the name of their scope."""
        found: list[dict[str, Any]] = []
        for sent in self.sent:
            if not sent.path.rstrip("/").endswith("/v1/traces") or "protobuf" not in sent.kind:
                continue
            message = ExportTraceServiceRequest()
            message.ParseFromString(sent.body)
            found += [
                {
                    **MessageToDict(span),
                    "attributes": attributes(span),
                    "events": [{"name": event.name, "attributes": attributes(event)} for event in span.events],
                    "resource": attributes(group.resource),
                    "scope": scope.scope.name,
                }
                for group in message.resource_spans
                for scope in group.scope_spans
                for span in scope.spans
            ]
        return found

    def items(self) -> list[dict[str, Any]]:
        """What came to Sentry (transactions and errors) and to the traces of OpenAI's agents."""
        return [item for sent in self.sent for item in _items(sent)]


def _items(sent: Sent) -> Iterator[dict[str, Any]]:
    if sent.path.endswith("/traces/ingest"):
        yield from json.loads(sent.body)["data"]
    if sent.path.endswith("/envelope/"):
        # A line of headers, then two lines an item: its headers and the item.
        lines = sent.body.split(b"\n")[1:]
        for head, body in zip(lines[::2], lines[1::2], strict=False):
            if json.loads(head)["type"] in {"transaction", "event"}:
                yield json.loads(body)
