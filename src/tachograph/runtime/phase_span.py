"""The span of an open phase or iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tachograph.runtime.exceptions import describe
from tachograph.runtime.recording import goes_to_foreign_provider, recorder
from tachograph.semconv import general as g
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from contextvars import Token


class PhaseSpan:
    """The span of an open phase or iteration, current until it is left.

    Parameters
    ----------
    name
        The span's name.
    attributes
        The span's attributes.
    """

    __slots__ = ("_span", "_to", "_token")

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        from opentelemetry import trace

        tracer = trace.get_tracer(tacho.SCOPE_PREFIX)
        self._to = recorder() if goes_to_foreign_provider(tracer) else None
        if self._to is not None:
            sealed = self._to.sealed({"name": name, "attributes": attributes})
            name, attributes = sealed["name"], sealed["attributes"]
        self._span = tracer.start_span(name, attributes=attributes)
        self._token: Token[Any] | None = None
        self.enter()

    def is_current(self) -> bool:
        """Whether the caller's code runs directly in this phase or iteration."""
        from opentelemetry import trace

        return trace.get_current_span() is self._span

    def enter(self) -> None:
        """Make the span current."""
        from opentelemetry import context, trace

        self._token = context.attach(trace.set_span_in_context(self._span))

    def leave(self) -> None:
        """Make the span current no more; does nothing if it is not, as in a generator that another task closes."""
        from opentelemetry import context

        token, self._token = self._token, None
        if token is not None and self.is_current():
            context.detach(token)

    def end(self, error: BaseException | None) -> None:
        """End the span, with the error that left the phase or iteration, if one did."""
        from opentelemetry.trace import Status, StatusCode

        try:
            if error is not None and not isinstance(error, GeneratorExit):
                described = describe(error)
                kind, message = described.error_type, described.message
                if self._to is not None:
                    sealed = self._to.sealed({"kind": kind, "message": message})
                    kind, message = sealed["kind"], sealed["message"]
                self._span.set_attribute(g.ERROR_TYPE, kind)
                self._span.set_status(Status(StatusCode.ERROR, message))
        except Exception:  # noqa: S110 - what cannot be sealed still ends the span
            pass
        finally:
            self._span.end()
