"""The span of a run as a whole, the parent of the outermost spans of its processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanKind, Status, StatusCode

from tachograph._version import __version__
from tachograph.semconv import general, tacho
from tachograph_otlp.conversion import context_of, parent_of, table

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource


_SCOPE = InstrumentationScope("tachograph.launcher", __version__)
_FAILED = frozenset({"failed", "crashed"})


def root_span(start: dict[str, Any], end: dict[str, Any], resource: Resource) -> ReadableSpan | None:
    """The span of a run that `tacho run` recorded; None if the program opened the run itself, or it is not sampled.

    Parameters
    ----------
    start
        The record of the run's start.
    end
        The record of its end.
    resource
        The resource of the span.
    """
    if "span_id" not in start or not start.get("sampled", True):
        return None
    facts = table(start, "facts")
    outcome = end.get("outcome") or "unknown"
    values = {
        tacho.RUN_OUTCOME: outcome,
        general.PROCESS_COMMAND_ARGS: facts.get("command"),
        general.HOST_NAME: facts.get("host"),
        general.PROCESS_EXIT_CODE: end.get("exit_code"),
    }
    attributes = {name: value for name, value in values.items() if value is not None}
    status = Status(StatusCode.ERROR, end.get("reason") or outcome) if outcome in _FAILED else Status()
    return ReadableSpan(
        name=str(facts.get("name") or "run"),
        context=context_of(start),
        parent=parent_of(start),
        resource=resource,
        attributes=attributes,
        kind=SpanKind.INTERNAL,
        status=status,
        start_time=start["start_ns"],
        end_time=end["end_ns"],
        instrumentation_scope=_SCOPE,
    )
