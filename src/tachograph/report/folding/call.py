"""A call of a model, read from its span."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tachograph.journal.coerce import integer_of, text_of, texts_of
from tachograph.report.usage import Usage, read_usage
from tachograph.semconv import aliases, genai, quirks, tacho
from tachograph.semconv import general as g

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.report.folding.open_spans import Ancestry
    from tachograph.report.part import Provenance
    from tachograph.report.prices import Priced


class Attempts(NamedTuple):
    """The requests of one call; None where they were not seen, and then the client may have told of retries."""

    number: int | None
    retries: int | None
    rate_limited: int | None
    overloaded: int | None
    waited_ns: int | None


@dataclass(slots=True)
class CallFacts:
    """What is kept of a model call during the fold."""

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
    """Of a record that tells of a stream begun by another span: how long the stream took."""
    priced: Priced | None = None

    @property
    def ours(self) -> bool:
        """Whether one of our instrumentors recorded it."""
        return self.scope is not None and self.scope.startswith(tacho.SCOPE_PREFIX)

    @property
    def awaits_more(self) -> bool:
        """Whether a record of what it brought may be yet to come."""
        return self.provenance == "missing" and not self.failed and self.response_id is None

    @property
    def end_ns(self) -> int:
        """Its end, in ns since the epoch."""
        return self.start_ns + self.duration_ns

    @property
    def model(self) -> str | None:
        """The model that answered or, where it did not say, the one asked for."""
        return self.response_model or self.request_model


def call_of(record: dict[str, Any], operation: str, ancestry: Ancestry) -> tuple[CallFacts, str | None]:
    """Read a model call from the record of its end; with it, what is wrong with its token counts.

    Parameters
    ----------
    record
        The ``span.end`` record.
    operation
        What :func:`tachograph.semconv.aliases.model_operation` said.
    ancestry
        What the span stands in.
    """
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
    """The reasons of all choices; some emitters write the list, or the one reason, as JSON."""
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
    # Of a call whose one request went well nothing more is written.
    rest = (
        integer_of(attributes.get(key)) or 0
        for key in (tacho.HTTP_RATE_LIMITED, tacho.HTTP_OVERLOADED, tacho.HTTP_WAITED_NS)
    )
    return Attempts(number, max(number - 1, 0), *rest)
