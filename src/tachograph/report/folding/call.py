"""Reads a call of a model from the span that records it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tachograph.journal.coerce import check, integer_of, text_of, texts_of
from tachograph.report.usage import Usage, read_usage
from tachograph.semconv import aliases, genai, quirks, tacho
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.report.folding.open_spans import Ancestry
    from tachograph.report.part import Provenance
    from tachograph.report.prices import Priced


class Attempts(NamedTuple):
    """The requests that were sent for one call.

    Attributes
    ----------
    number
        How many; None if they were not seen.
    retries
        Requests after the first; if they were not seen, as the client reports them.
    rate_limited, overloaded
        Requests answered with 429 and with 529; None if they were not seen.
    waited_ns
        Time between them in ns; None if they were not seen.
    """

    number: int | None
    retries: int | None
    rate_limited: int | None
    overloaded: int | None
    waited_ns: int | None


@dataclass(slots=True)
class CallFacts:
    """The facts about a model call that are kept during the fold.

    Attributes
    ----------
    late_ns
        How long a stream took, in ns, if this is a second record of a stream that another span began; else None.
    priced
        The price; None until it was looked up.
    """

    span_id: str
    trace_id: str
    pid: int
    scope: str | None
    ancestry: Ancestry
    provider: str | None
    operation: str
    request_model: str | None
    response_model: str | None
    response_id: str | None
    start_ns: int
    duration_ns: int
    first_chunk_ns: int | None
    usage: Usage
    provenance: Provenance
    finish_reasons: list[str]
    stream: str | None
    attempts: Attempts
    failed: bool
    error_type: str | None
    error_message: str | None
    host: str | None
    port: int | None
    late_ns: int | None = None
    priced: Priced | None = None

    @property
    def ours(self) -> bool:
        """Whether one of our instrumentors recorded it."""
        return self.scope is not None and self.scope.startswith(tacho.SCOPE_PREFIX)

    @property
    def awaits_more(self) -> bool:
        """Whether a later record may have the tokens of the call."""
        return self.provenance == "missing" and not self.failed and self.response_id is None

    @property
    def end_ns(self) -> int:
        """Its end, in ns since the epoch."""
        return self.start_ns + self.duration_ns

    @property
    def model(self) -> str | None:
        """The model that answered or, if the response does not name it, the one that was requested."""
        return self.response_model or self.request_model


def call_of(record: dict[str, Any], operation: str, ancestry: Ancestry) -> tuple[CallFacts, str | None]:
    """A model call, and what is wrong with its token counts in a few words; None if nothing is.

    Parameters
    ----------
    record
        The ``span.end`` record.
    operation
        The operation, from :func:`tachograph.semconv.aliases.model_operation`.
    ancestry
        The phases, iterations and spans around the span.

    Raises
    ------
    TypeError
        If no recorder wrote the record.
    """
    check(record)
    attributes: dict[str, Any] = record["attributes"]
    scope = text_of(record.get("scope"))
    usage, provenance, problem = read_usage(attributes, scope, operation)
    first = aliases.read(attributes, genai.RESPONSE_TIME_TO_FIRST_CHUNK)
    failed = record.get("status") == "error"
    call = CallFacts(
        span_id=record["span_id"],
        trace_id=record["trace_id"],
        pid=record["pid"],
        scope=scope,
        ancestry=ancestry,
        provider=text_of(aliases.read(attributes, genai.PROVIDER_NAME)),
        operation=operation,
        request_model=text_of(aliases.read(attributes, genai.REQUEST_MODEL)),
        response_model=text_of(aliases.read(attributes, genai.RESPONSE_MODEL)),
        response_id=text_of(aliases.read(attributes, genai.RESPONSE_ID)),
        start_ns=record["start_ns"],
        duration_ns=record["duration_ns"],
        first_chunk_ns=int(first * 1e9) if isinstance(first, int | float) and first >= 0 else None,
        usage=usage,
        provenance=provenance,
        finish_reasons=_reasons(aliases.read(attributes, genai.RESPONSE_FINISH_REASONS)),
        stream=text_of(attributes.get(tacho.STREAM_OUTCOME)),
        attempts=_attempts(attributes),
        failed=failed,
        error_type=text_of(attributes.get(g.ERROR_TYPE)) if failed else None,
        error_message=text_of(record.get("description")) if failed else None,
        host=text_of(attributes.get(g.SERVER_ADDRESS)),
        port=integer_of(attributes.get(g.SERVER_PORT)),
        late_ns=quirks.late_ns(attributes),
    )
    return call, problem


def _reasons(value: object) -> list[str]:
    """The finish reasons of all choices; some emitters write the list, or a single reason, as JSON."""
    if isinstance(value, str) and value[:1] in {"[", '"'}:
        try:
            return texts_of(json.loads(value))
        except ValueError:
            pass
    return texts_of(value)


def _attempts(attributes: Mapping[str, object]) -> Attempts:
    number = integer_of(attributes.get(tacho.HTTP_ATTEMPTS))
    if number is None:
        return Attempts(None, integer_of(attributes.get(tacho.RETRIES)), None, None, None)
    # If the only request of a call succeeded, the other attributes are not written.
    rest = (
        integer_of(attributes.get(key)) or 0
        for key in (tacho.HTTP_RATE_LIMITED, tacho.HTTP_OVERLOADED, tacho.HTTP_WAITED_NS)
    )
    return Attempts(number, max(number - 1, 0), *rest)
