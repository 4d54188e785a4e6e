"""The current context of OpenTelemetry, without the cost of its functions.

Its own functions are each two calls deep, which is a tenth of what a call of a model costs us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context
from opentelemetry import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.trace import SpanContext

(SPAN,) = trace.set_span_in_context(trace.INVALID_SPAN, otel_context.Context())
"""The key of the current span."""

current_context: Callable[[], Mapping[str, Any]] = otel_context.get_current
attach: Callable[[Context], Token[Any]] = otel_context.attach
detach: Callable[[Token[Any]], object] = otel_context.detach

_variable: Any = getattr(getattr(otel_context, "_RUNTIME_CONTEXT", None), "_current_context", None)
if hasattr(_variable, "reset"):
    current_context, attach, detach = _variable.get, _variable.set, _variable.reset

_expected: object = None


def expect_provider(provider: object) -> None:
    """Remember the provider that was set for the API, so that :func:`is_replaced` can compare."""
    global _expected
    _expected = provider


def is_replaced() -> bool:
    """Whether the API's provider was replaced without the API's functions, as test fixtures do."""
    return _expected is not None and getattr(trace, "_TRACER_PROVIDER", None) is not _expected


def program_span_context(context: Mapping[str, Any]) -> SpanContext | None:
    """The context of the span that would be current if nothing were recorded, None if there is none.

    Parameters
    ----------
    context
        The context of OpenTelemetry.
    """
    span: Any = context.get(SPAN)
    if span is None:
        return None
    # A span of a recording says so; any other is the program's.
    program_context: Any = getattr(span, "program_context", span)
    if program_context is span:
        program_context = span.get_span_context()
    return program_context if program_context is not None and program_context.is_valid else None


def is_foreign(span: Any) -> bool:
    """Whether a span is recorded by a provider that is not ours, whose exporters do not get our spans."""
    return not hasattr(span, "program_context") and span.is_recording()
