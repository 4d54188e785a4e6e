"""What a receiver answered to a batch, and what that means for the batch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["sent", "later", "refused", "never"]
"""``sent``: accepted. ``later``: to be retried. ``refused``: this batch will never be accepted, others may be.
``never``: the receiver will never accept any batch."""

# https://opentelemetry.io/docs/specs/otlp/#failures-1: the statuses that may be retried; no others must be.
_RETRYABLE_STATUSES = frozenset({429, 502, 503, 504})
_REFUSING_STATUSES = frozenset({400, 413, 422})
# https://opentelemetry.io/docs/specs/otlp/#failures: the codes of gRPC that may be retried.
_RETRYABLE_CODES = frozenset(
    {"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS", "RESOURCE_EXHAUSTED"}
)
_REFUSING_CODES = frozenset({"INVALID_ARGUMENT", "FAILED_PRECONDITION"})
_LONGEST_REASON = 200
_LONGEST_WAIT_S = 300

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
"""A part of an error message, and the reason that is shown for it."""


@dataclass(slots=True)
class Answer:
    """What became of a batch.

    Attributes
    ----------
    verdict
        See `Verdict`.
    reason
        Why it was not sent, or why a part of it was rejected; empty if neither happened.
    rejected
        Number of items that the receiver dropped although it accepted the batch.
    wait_s
        How long the receiver asks us to wait before the next attempt, in s.
    """

    verdict: Verdict
    reason: str = ""
    rejected: int = 0
    wait_s: float = 0


def from_response(status: int, phrase: str, content_type: str, retry_after: str | None) -> Answer:
    """The answer that the status line and the headers of an HTTP response give.

    Parameters
    ----------
    status, phrase
        The status and its reason phrase.
    content_type, retry_after
        Values of these headers; ``retry_after`` is None if the response has none.
    """
    status_line = f"{status} {phrase}".strip()
    if 300 <= status < 400:
        # `requests` follows the redirect, but it does not lead to a receiver: most often to a sign-in form.
        return Answer("never", f"{status_line}: not an OTLP receiver")
    if status < 300 and "text/html" in content_type:
        return Answer("never", f"{status_line} with a web page: not an OTLP receiver")
    if status < 300:
        return Answer("sent")
    if status in _RETRYABLE_STATUSES:
        return Answer("later", status_line, wait_s=_seconds(retry_after))
    return Answer("refused" if status in _REFUSING_STATUSES else "never", status_line)


def from_grpc_error(error: Any) -> Answer:
    """The answer that a failed gRPC call gives.

    Parameters
    ----------
    error
        The `grpc.RpcError`.
    """
    code = error.code().name
    verdict: Verdict = "later" if code in _RETRYABLE_CODES else "refused" if code in _REFUSING_CODES else "never"
    details = str(error.details())
    return Answer(verdict, _known_cause(details) or shortened(f"{code}: {details}"))


def failure_reason(message: str) -> str:
    """Why a batch could not be sent, in a few words.

    Parameters
    ----------
    message
        The message of an error, or what an exporter logged.
    """
    cause = _known_cause(message)
    if cause is not None:
        return cause
    match = _TRANSIENT.search(message) or _REASON.search(message)
    return shortened((match[1] if match else message) or "no answer in time")


def shortened(text: str) -> str:
    """A text on one line of at most 200 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"


def _known_cause(message: str) -> str | None:
    return next((reason for part, reason in _CAUSES if part in message), None)


def _seconds(value: str | None) -> float:
    try:
        return min(max(float(value or 0), 0), _LONGEST_WAIT_S)
    except ValueError:
        return 0
