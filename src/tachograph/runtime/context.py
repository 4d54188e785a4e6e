"""The current context of OpenTelemetry, without the way to it.

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

(SPAN,) = trace.set_span_in_context(trace.INVALID_SPAN, otel_context.Context())
"""The key of the current span."""

current_context: Callable[[], Mapping[str, Any]] = otel_context.get_current
attach: Callable[[Context], Token[Any]] = otel_context.attach
detach: Callable[[Token[Any]], object] = otel_context.detach

_variable: Any = getattr(getattr(otel_context, "_RUNTIME_CONTEXT", None), "_current_context", None)
if hasattr(_variable, "reset"):
    current_context, attach, detach = _variable.get, _variable.set, _variable.reset
