"""Requests that are no calls of models, if the settings ask for them: by OpenTelemetry's instrumentation.

It makes the span of each request current and then writes the current one into the request's headers, for every
server there is. Unless that is wanted it is given a tracer which makes nothing current. Exporters of the program get
none of these spans.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode

from tachograph.run.settings_loader import load_or_default
from tachograph.runtime.recording import goes_to_foreign_provider, recorder

if TYPE_CHECKING:
    from collections.abc import Generator

    from opentelemetry.context import Context
    from opentelemetry.util.types import Attributes

_logger = logging.getLogger("tachograph")

_MODULE = "opentelemetry.instrumentation.httpx"
_INSTRUMENTORS = {"httpx": "HTTPXClientInstrumentor", "httpx2": "HTTPX2ClientInstrumentor"}

_put_in_by_us: dict[str, Any] = {}
_waiting: list[str] = []
_lock = threading.Lock()
_warned = False


def record_others(library: str, provider: trace.TracerProvider | None) -> bool:
    """Record the other requests of a library that has been imported, if the settings ask for it.

    Parameters
    ----------
    library
        ``httpx`` or ``httpx2``.
    provider
        Where spans come from; None means the global provider.

    Returns
    -------
    bool
        Whether they are recorded by us. A program that has put the instrumentation in by itself keeps it as it is.
    """
    if library in _put_in_by_us:
        return True
    settings = load_or_default()
    if not settings.http:
        return False
    with _lock:
        _waiting.append(library)
        if len(_waiting) > 1:
            # The instrumentation is being imported, and imports this library itself.
            return True
    tracers = _Tracers(provider, propagate=settings.http_propagate)
    recorded = False
    while True:
        one = _waiting[0]
        recorded |= _put_in(one, tracers) and one == library
        with _lock:
            _waiting.remove(one)
            if not _waiting:
                return recorded


def _put_in(library: str, tracers: trace.TracerProvider | None) -> bool:
    from opentelemetry.metrics import NoOpMeterProvider

    try:
        instrumentor: Any = getattr(importlib.import_module(_MODULE), _INSTRUMENTORS[library])()
        if instrumentor.is_instrumented_by_opentelemetry:
            return False
        # What the program measures is its own business.
        instrumentor.instrument(tracer_provider=tracers, meter_provider=NoOpMeterProvider())
    except (ImportError, AttributeError):
        _warn()
        return False
    except Exception:
        _logger.warning("tachograph: requests of %s that are no calls are not recorded", library, exc_info=True)
        return False
    _put_in_by_us[library] = instrumentor
    return True


def recorded_by_others(library: str) -> bool:
    """Whether each request of a library has a span already, of the instrumentation as the program put it in.

    Parameters
    ----------
    library
        ``httpx`` or ``httpx2``.
    """
    module = sys.modules.get(_MODULE)
    if module is None or library in _put_in_by_us:
        return False
    instrumentor: Any = getattr(module, _INSTRUMENTORS.get(library, ""), None)
    return instrumentor is not None and bool(instrumentor().is_instrumented_by_opentelemetry)


def leave_others(library: str) -> None:
    """Undo :func:`record_others`."""
    instrumentor = _put_in_by_us.pop(library, None)
    if instrumentor is not None:
        instrumentor.uninstrument()


def _warn() -> None:
    global _warned
    if not _warned:
        _warned = True
        _logger.warning(
            "tachograph: http = true, but only model calls are recorded because opentelemetry-instrumentation-httpx is "
            "missing. Install it: pip install 'tachograph[http]'"
        )


class _Tracers(trace.TracerProvider):
    """What the instrumentation is given: its spans go to the journal, and into headers only if that is wanted."""

    def __init__(self, provider: trace.TracerProvider | None, *, propagate: bool) -> None:
        self._provider = provider
        self._propagate = propagate

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> trace.Tracer:
        """See `opentelemetry.trace.TracerProvider`."""
        tracer = trace.get_tracer(
            instrumenting_module_name, instrumenting_library_version, self._provider, schema_url, attributes
        )
        return _Tracer(tracer, instrumenting_module_name, instrumenting_library_version, propagate=self._propagate)


class _Tracer(trace.Tracer):
    def __init__(self, tracer: trace.Tracer, scope: str, version: str | None, *, propagate: bool) -> None:
        self._tracer = tracer
        self._scope = scope
        self._version = version
        self._propagate = propagate

    def start_span(self, *words: Any, **more: Any) -> trace.Span:
        """See `opentelemetry.trace.Tracer`."""
        return (self._journal_only_tracer() or self._tracer).start_span(*words, **more)

    def start_as_current_span(self, *words: Any, **more: Any) -> Any:
        """See `opentelemetry.trace.Tracer`."""
        journal_only_tracer = self._journal_only_tracer()
        if journal_only_tracer is None and self._propagate:
            return self._tracer.start_as_current_span(*words, **more)
        # The headers get what is current: nothing, or what the program's exporters know.
        current = otel_context.get_current() if self._propagate else otel_context.Context()
        return _within((journal_only_tracer or self._tracer).start_span(*words, **more), current)

    def _journal_only_tracer(self) -> trace.Tracer | None:
        """A tracer for the journal only, if the program's exporters would get spans that it has not asked for."""
        to = recorder()
        if to is None or not goes_to_foreign_provider(self._tracer):
            return None
        return to.journal_only_tracer(self._scope, already_reported=True, version=self._version)


@contextmanager
def _within(span: trace.Span, context: Context) -> Generator[trace.Span]:
    token = otel_context.attach(context)
    try:
        yield span
    except BaseException as error:
        span.record_exception(error)
        span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
        raise
    finally:
        otel_context.detach(token)
        span.end()
