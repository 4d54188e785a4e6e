"""Sends batches by the exporters of OpenTelemetry, and tells what became of them.

The exporters read the `OTEL_EXPORTER_OTLP_*` variables, compress and authenticate. They say only whether a batch was
sent; what the receiver answered is looked at here.
"""

from __future__ import annotations

import importlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from tachograph.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Verdict = Literal["sent", "later", "refused", "never"]
"""What became of a batch: taken; to be tried again; refused, as others need not be; or none will ever be taken."""

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
_ANSWERS = {
    "traces": ("opentelemetry.proto.collector.trace.v1.trace_service_pb2", "ExportTraceServiceResponse"),
    "logs": ("opentelemetry.proto.collector.logs.v1.logs_service_pb2", "ExportLogsServiceResponse"),
    "metrics": ("opentelemetry.proto.collector.metrics.v1.metrics_service_pb2", "ExportMetricsServiceResponse"),
}
_REJECTED = {"traces": "rejected_spans", "logs": "rejected_log_records", "metrics": "rejected_data_points"}
_CREDENTIALS = (
    "OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER",
    "OTEL_PYTHON_EXPORTER_OTLP_HTTP_{}_CREDENTIAL_PROVIDER",
)
# https://opentelemetry.io/docs/specs/otlp/#failures-1: what may be tried again; the rest must not be.
_AGAIN = frozenset({429, 502, 503, 504})
_TOO_LARGE_OR_BAD = frozenset({400, 413, 422})
# https://opentelemetry.io/docs/specs/otlp/#failures: the codes of gRPC that may be tried again.
_CODES_AGAIN = frozenset(
    {"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS", "RESOURCE_EXHAUSTED"}
)
_CODES_REFUSED = frozenset({"INVALID_ARGUMENT", "FAILED_PRECONDITION"})
_LONGEST_REASON = 200


@dataclass(slots=True)
class Answer:
    """What became of a batch.

    Attributes
    ----------
    verdict
        See `Verdict`.
    reason
        Why it was not sent, or why a part was not taken; empty where all is well.
    rejected
        How many of its items a receiver that took the batch has dropped.
    wait_s
        How long the receiver asks to be left alone, in s.
    """

    verdict: Verdict
    reason: str = ""
    rejected: int = 0
    wait_s: float = 0


class Transport:
    """The exporter of one signal.

    Parameters
    ----------
    signal
        ``traces``, ``logs`` or ``metrics``.
    environ
        The `OTEL_*` variables in force; they are this process's own as well.
    seal
        Redacts a text: what a receiver says, and its address, are written down.

    Raises
    ------
    UnusableError
        When the protocol is not known or not installed, or a variable cannot be used.
    """

    def __init__(self, signal: str, environ: Mapping[str, str], seal: Callable[[str], str]) -> None:
        self._seal = seal
        self.protocol = (
            environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL")
            or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
            or "http/protobuf"
        )
        self._signal = signal
        self._seen: list[Answer] = []
        self._status = 0
        self._answer: Any = None
        homes = _EXPORTERS.get(self.protocol)
        if homes is None:
            raise UnusableError(f"the protocol {self.protocol} is not known. Use {' or '.join(_EXPORTERS)}")
        home, name = homes[signal]
        try:
            made: Any = getattr(importlib.import_module(home), name)
            answers, answer = _ANSWERS[signal]
            self._answer = getattr(importlib.import_module(answers), answer)
        except ImportError as error:
            package = "tachograph[grpc]" if self.protocol == "grpc" else "opentelemetry-exporter-otlp-proto-http"
            raise UnusableError(
                f"the protocol {self.protocol} needs a package that is not installed: pip install '{package}'"
            ) from error
        try:
            self.exporter = self._grpc(made) if self.protocol == "grpc" else self._http(made, environ)
        except Exception as error:
            raise UnusableError(f"{type(error).__name__}: {error}") from error
        self.endpoint = seal(_without_credentials(str(self.exporter._endpoint)))

    def send(self, batch: Any) -> Answer:
        """Send a batch, see :meth:`_send`; what is told of it is redacted."""
        answer = self._send(batch)
        if answer.reason:
            answer.reason = self._seal(answer.reason)
        return answer

    def _send(self, batch: Any) -> Answer:
        """Send a batch; takes as long as the timeout of OTLP (10 s unless set otherwise).

        Parameters
        ----------
        batch
            What the exporter of the signal takes.
        """
        self._seen.clear()
        with _Heard() as heard:
            try:
                result = self.exporter.export(batch)
            except Exception as error:
                return Answer("never", _short(f"{type(error).__name__}: {error}"))
        seen = self._seen[-1] if self._seen else None
        if seen is not None and seen.verdict != "sent":
            return seen
        if result.name == "SUCCESS":
            return seen or Answer("sent")
        return Answer("later", _short(_plain(heard.last)))

    def close(self) -> None:
        """Close its connections."""
        with _Heard():
            self.exporter.shutdown()

    # HTTP

    def _http(self, made: Any, environ: Mapping[str, str]) -> Any:
        if any(environ.get(name.format(self._signal.upper())) for name in _CREDENTIALS):
            # The session is somebody else's; of its answers is known what the exporter says.
            return _once(made())
        import requests

        sender = self

        class Session(requests.Session):
            """Tells of requests that get no answer."""

            def merge_environment_settings(
                self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
            ) -> dict[str, Any]:
                # `OTEL_EXPORTER_OTLP_CERTIFICATE` is the session's, and `REQUESTS_CA_BUNDLE` would go before it.
                chosen = self.verify if verify is None else verify
                return super().merge_environment_settings(url, proxies, stream, chosen, cert)

            def send(self, request: requests.PreparedRequest, **words: Any) -> requests.Response:
                try:
                    return super().send(request, **words)
                except Exception as error:
                    sender._seen.append(Answer("later", _short(_plain(str(error)))))
                    raise

        session = Session()
        session.hooks["response"].append(self._see)
        return _once(made(session=session))

    def _see(self, response: Any, *_: Any, **__: Any) -> None:
        if self._seen and 300 <= self._status < 400:
            return
        status: int = response.status_code
        self._status = status
        said = f"{status} {response.reason or ''}".strip()
        if 300 <= status < 400:
            # It is followed, and what it leads to is no receiver: a form to sign in, most often.
            self._seen.append(Answer("never", f"{said}: not an OTLP receiver"))
        elif status < 300 and "text/html" in response.headers.get("content-type", ""):
            self._seen.append(Answer("never", f"{said} with a web page: not an OTLP receiver"))
        elif status < 300:
            self._seen.append(self._partial(response.content, response.headers.get("content-type", "")))
        elif status in _AGAIN:
            self._seen.append(Answer("later", said, wait_s=_seconds(response.headers.get("retry-after"))))
        else:
            self._seen.append(Answer("refused" if status in _TOO_LARGE_OR_BAD else "never", said))

    def _partial(self, body: bytes, kind: str) -> Answer:
        answer = self._answer()
        try:
            if "json" in kind:
                from google.protobuf import json_format

                json_format.Parse(body, answer, ignore_unknown_fields=True)
            else:
                answer.ParseFromString(body)
        except Exception:
            # A receiver that took the batch and says so in words of its own.
            return Answer("sent")
        return self._took(answer)

    def _took(self, answer: Any) -> Answer:
        partial = answer.partial_success
        return Answer("sent", _short(partial.error_message), getattr(partial, _REJECTED[self._signal]))

    # gRPC

    def _grpc(self, made: Any) -> Any:
        from grpc import StatusCode

        # Not to be tried again by the exporter, as no call fails with this code.
        exporter: Any = made(retryable_error_codes=[StatusCode.OK])
        stub = exporter._stub

        def watched(channel: object) -> _Stub:
            return _Stub(stub(channel), self)

        exporter._stub = watched
        exporter._client = _Stub(exporter._client, self)
        return exporter

    def called(self, answer: Any) -> None:
        """A call over gRPC came back."""
        self._seen.append(self._took(answer))

    def failed(self, error: Any) -> None:
        """A call over gRPC failed."""
        code = error.code().name
        verdict: Verdict = "later" if code in _CODES_AGAIN else "refused" if code in _CODES_REFUSED else "never"
        said = str(error.details())
        self._seen.append(Answer(verdict, _cause(said) or _short(f"{code}: {said}")))


def _once(exporter: Any) -> Any:
    """An exporter over HTTP that tries a batch once: waiting is the caller's, who knows how much time is left."""
    stop = getattr(getattr(exporter, "_client", None), "_shutdown_event", None)
    if stop is not None:
        stop.set()
    return exporter


class _Stub:
    """Tells a sender what came of each call."""

    def __init__(self, stub: Any, sender: Transport) -> None:
        self._stub = stub
        self._sender = sender

    def Export(self, **words: Any) -> Any:  # noqa: N802 - the name of the service's method
        try:
            answer = self._stub.Export(**words)
        except Exception as error:
            if hasattr(error, "code"):
                self._sender.failed(error)
            raise
        self._sender.called(answer)
        return answer


class _Heard(logging.Handler):
    """Takes what the exporters log, which nobody would read here."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._logger = logging.getLogger("opentelemetry")

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        self._before, self._logger.propagate = self._logger.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._before

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what says why."""
        text = record.getMessage()
        if "due to timeout" not in text or not self.last:
            self.last = text


_TRANSIENT = re.compile(r"Transient error (.*?) encountered while exporting", re.DOTALL)
_REASON = re.compile(r"reason: (.*)", re.DOTALL)
_CAUSES = (
    ("Connection refused", "connection refused"),
    ("Read timed out", "no answer in time"),
    ("timed out", "no connection in time"),
    ("Name or service not known", "no such host"),
    ("Temporary failure in name resolution", "no such host"),
    ("Failed to resolve", "no such host"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted"),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
    ("Connection reset", "connection reset"),
    ("RemoteDisconnected", "connection closed without an answer"),
    ("Connection aborted", "connection closed without an answer"),
)


def _cause(text: str) -> str | None:
    return next((words for mark, words in _CAUSES if mark in text), None)


def _plain(text: str) -> str:
    cause = _cause(text)
    if cause is not None:
        return cause
    found = _TRANSIENT.search(text) or _REASON.search(text)
    return (found[1] if found else text) or "no answer in time"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"


def _seconds(value: str | None) -> float:
    try:
        return min(max(float(value or 0), 0), 300)
    except ValueError:
        return 0


def _without_credentials(endpoint: str) -> str:
    parts = urlsplit(endpoint if "://" in endpoint else f"//{endpoint}")
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return f"{scheme}{host}{port}{parts.path}"
