"""Sends batches with OpenTelemetry's exporters and reports the receiver's answer to each.

The exporters read the `OTEL_EXPORTER_OTLP_*` variables, compress and authenticate. They report only whether a batch was
sent, so the receiver's responses are read here.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from tachograph.errors import UnusableError
from tachograph_otlp.answer import Answer, failure_reason, from_grpc_error, from_response, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_EXPORTERS = {
    "http/protobuf": {
        "traces": ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "OTLPSpanExporter"),
        "logs": ("opentelemetry.exporter.otlp.proto.http._log_exporter", "OTLPLogExporter"),
        "metrics": ("opentelemetry.exporter.otlp.proto.http.metric_exporter", "OTLPMetricExporter"),
    },
    "grpc": {
        "traces": ("opentelemetry.exporter.otlp.proto.grpc.trace_exporter", "OTLPSpanExporter"),
        "logs": ("opentelemetry.exporter.otlp.proto.grpc._log_exporter", "OTLPLogExporter"),
        "metrics": ("opentelemetry.exporter.otlp.proto.grpc.metric_exporter", "OTLPMetricExporter"),
    },
}
_RESPONSES = {
    "traces": ("opentelemetry.proto.collector.trace.v1.trace_service_pb2", "ExportTraceServiceResponse"),
    "logs": ("opentelemetry.proto.collector.logs.v1.logs_service_pb2", "ExportLogsServiceResponse"),
    "metrics": ("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2", "ExportMetricsServiceResponse"),
}
_REJECTED = {"traces": "rejected_spans", "logs": "rejected_log_records", "metrics": "rejected_data_points"}
_CREDENTIALS = (
    "OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER",
    "OTEL_PYTHON_EXPORTER_OTLP_HTTP_{}_CREDENTIAL_PROVIDER",
)


class Transport:
    """The OTLP exporter of one signal.

    Parameters
    ----------
    signal
        ``traces``, ``logs`` or ``metrics``.
    environ
        The `OTEL_*` variables in force; this process's environment has them too.
    seal
        Redacts a text; used on the receiver's messages and its address, which are written to the progress file.

    Raises
    ------
    UnusableError
        If the protocol is unknown or not installed, or a variable cannot be used.
    """

    def __init__(self, signal: str, environ: Mapping[str, str], seal: Callable[[str], str]) -> None:
        self._seal = seal
        self.protocol = (
            environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL")
            or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
            or "http/protobuf"
        )
        self._signal = signal
        self._answers: list[Answer] = []
        self._status = 0
        self._response_class: Any = None
        exporters = _EXPORTERS.get(self.protocol)
        if exporters is None:
            raise UnusableError(f"the protocol {self.protocol} is not known. Use {' or '.join(_EXPORTERS)}")
        try:
            exporter_class = _imported(*exporters[signal])
            self._response_class = _imported(*_RESPONSES[signal])
        except ImportError as error:
            package = "tachograph[grpc]" if self.protocol == "grpc" else "opentelemetry-exporter-otlp-proto-http"
            raise UnusableError(
                f"the protocol {self.protocol} needs a package that is not installed: pip install '{package}'"
            ) from error
        try:
            self.exporter = (
                self._grpc_exporter(exporter_class)
                if self.protocol == "grpc"
                else self._http_exporter(exporter_class, environ)
            )
        except Exception as error:
            raise UnusableError(f"{type(error).__name__}: {error}") from error
        self.endpoint = seal(_without_credentials(str(self.exporter._endpoint)))

    def send(self, batch: Any) -> Answer:
        """Send a batch. Takes no longer than the timeout of OTLP, 10 s by default.

        Parameters
        ----------
        batch
            What the exporter of the signal accepts.

        Returns
        -------
        Answer
            What became of the batch, with the reason redacted.
        """
        answer = self._send(batch)
        if answer.reason:
            answer.reason = self._seal(answer.reason)
        return answer

    def _send(self, batch: Any) -> Answer:
        self._answers.clear()
        with _LogCapture() as log:
            try:
                result = self.exporter.export(batch)
            except Exception as error:
                return Answer("never", shortened(f"{type(error).__name__}: {error}"))
        answer = self._answers[-1] if self._answers else None
        if answer is not None and answer.verdict != "sent":
            return answer
        if result.name == "SUCCESS":
            return answer or Answer("sent")
        return Answer("later", failure_reason(log.last_message))

    def close(self) -> None:
        """Close the connections to the receiver."""
        with _LogCapture():
            self.exporter.shutdown()

    # HTTP

    def _http_exporter(self, exporter_class: Any, environ: Mapping[str, str]) -> Any:
        if any(environ.get(name.format(self._signal.upper())) for name in _CREDENTIALS):
            # The credential provider makes the session, so only the exporter's result is known of its responses.
            return _without_retries(exporter_class())
        import requests

        transport = self

        class Session(requests.Session):
            """Reports requests that get no response."""

            def merge_environment_settings(
                self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
            ) -> dict[str, Any]:
                # The session has `OTEL_EXPORTER_OTLP_CERTIFICATE`; `REQUESTS_CA_BUNDLE` would take precedence over it.
                chosen = self.verify if verify is None else verify
                return super().merge_environment_settings(url, proxies, stream, chosen, cert)

            def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
                try:
                    return super().send(request, **options)
                except Exception as error:
                    transport._answers.append(Answer("later", failure_reason(str(error))))
                    raise

        session = Session()
        session.hooks["response"].append(self._read_response)
        return _without_retries(exporter_class(session=session))

    def _read_response(self, response: Any, *_: Any, **__: Any) -> None:
        if self._answers and 300 <= self._status < 400:
            # What a redirect leads to is not the receiver's answer.
            return
        self._status = response.status_code
        content_type = response.headers.get("content-type", "")
        retry_after = response.headers.get("retry-after")
        answer = from_response(self._status, response.reason or "", content_type, retry_after)
        if answer.verdict == "sent":
            answer = self._read_body(response.content, content_type)
        self._answers.append(answer)

    def _read_body(self, body: bytes, content_type: str) -> Answer:
        response = self._response_class()
        try:
            if "json" in content_type:
                from google.protobuf import json_format

                json_format.Parse(body, response, ignore_unknown_fields=True)
            else:
                response.ParseFromString(body)
        except Exception:
            # A receiver that accepted the batch and answers in a format of its own.
            return Answer("sent")
        return self._accepted(response)

    def _accepted(self, response: Any) -> Answer:
        partial = response.partial_success
        return Answer("sent", shortened(partial.error_message), getattr(partial, _REJECTED[self._signal]))

    # gRPC

    def _grpc_exporter(self, exporter_class: Any) -> Any:
        from grpc import StatusCode

        # No call fails with the code OK, so the exporter never retries.
        exporter: Any = exporter_class(retryable_error_codes=[StatusCode.OK])
        stub_class = exporter._stub

        def reporting_stub(channel: object) -> _ReportingStub:
            return _ReportingStub(stub_class(channel), self)

        exporter._stub = reporting_stub
        exporter._client = _ReportingStub(exporter._client, self)
        return exporter

    def grpc_call_succeeded(self, response: Any) -> None:
        """Note the response to a call over gRPC."""
        self._answers.append(self._accepted(response))

    def grpc_call_failed(self, error: Any) -> None:
        """Note the error of a call over gRPC."""
        self._answers.append(from_grpc_error(error))


def _imported(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _without_retries(exporter: Any) -> Any:
    """An exporter over HTTP that sends a batch once. The caller retries, because it knows how much time is left."""
    stop = getattr(getattr(exporter, "_client", None), "_shutdown_event", None)
    if stop is not None:
        stop.set()
    return exporter


class _ReportingStub:
    """A gRPC stub that reports the result of each call to a transport."""

    def __init__(self, stub: Any, transport: Transport) -> None:
        self._stub = stub
        self._transport = transport

    def Export(self, **arguments: Any) -> Any:  # noqa: N802 - the name of the service's method
        try:
            response = self._stub.Export(**arguments)
        except Exception as error:
            if hasattr(error, "code"):
                self._transport.grpc_call_failed(error)
            raise
        self._transport.grpc_call_succeeded(response)
        return response


class _LogCapture(logging.Handler):
    """Captures what the exporters log, instead of showing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last_message = ""
        self._logger = logging.getLogger("opentelemetry")

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        self._propagate, self._logger.propagate = self._logger.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._propagate

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message that gives the cause."""
        text = record.getMessage()
        if "due to timeout" not in text or not self.last_message:
            self.last_message = text


def _without_credentials(endpoint: str) -> str:
    parts = urlsplit(endpoint if "://" in endpoint else f"//{endpoint}")
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return f"{scheme}{host}{port}{parts.path}"
