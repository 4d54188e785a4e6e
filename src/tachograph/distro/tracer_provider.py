"""A TracerProvider whose spans cost a fraction of the SDK's, record whatever the sampler says, and leave the program's
random numbers alone.

With the default sampler and limits most of what the SDK's tracer does has a known result. If a program chose otherwise,
the SDK's code runs.
"""

from __future__ import annotations

import os
import threading
from copy import copy
from time import time_ns
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakValueDictionary

from opentelemetry import trace
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import sampling
from opentelemetry.sdk.util.instrumentation import InstrumentationInfo, InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags, TraceState

from tachograph.distro.ids import OwnRandomIds
from tachograph.distro.sampler import RecordAll
from tachograph.distro.span import Shared, new_span, template
from tachograph.instrument.operation import current
from tachograph.runtime.context import SPAN, current_context
from tachograph.semconv import general, scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link
    from opentelemetry.util.types import Attributes

_NO_STATE = TraceState()
_MOST_KEPT = 256
_new_tuple = cast("Callable[..., SpanContext]", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]
_EACH_FLAGS = tuple(TraceFlags(bits) for bits in range(256))
_SAMPLED_AND_RANDOM = _EACH_FLAGS[3]
# Places in a `SpanContext`: a tuple of ids, is_remote, flags, state, is_valid, each property of which costs a call.
_TRACE_ID: Final = 0
_FLAGS: Final = 3
_STATE: Final = 4
_IS_VALID: Final = 5


def _context(members: tuple[int, int, bool, TraceFlags, TraceState, bool]) -> SpanContext:
    """A span context of members known to be valid: ids, is_remote, flags, state, is_valid."""
    return _new_tuple(SpanContext, members)


class RecordingTracer(sdk.Tracer):
    """The SDK's tracer with a short way for the common case."""

    shared: Shared
    short: bool
    template: dict[str, Any]
    successor: trace.Tracer | None

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = (),
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002 - the API's signature
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002
    ) -> trace.Span:
        """See `opentelemetry.trace.Tracer`."""
        if self.successor is not None:
            return self.successor.start_span(
                name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception
            )
        above = (current_context() if context is None else context).get(SPAN)
        parent = above.get_span_context() if above is not None and isinstance(above, trace.Span) else None
        program_context = None
        if parent is None or not parent[_IS_VALID]:
            parent = self.shared.parent
            if parent is not None and not self.short:
                context = trace.set_span_in_context(trace.NonRecordingSpan(parent), context)
        else:
            program_context = getattr(above, "program_context", parent)
        if not (self.short and self._tracer_config.is_enabled):
            other: Any = super().start_span(
                name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception
            )
            other.program_context = program_context
            return other
        ids = self.id_generator
        if parent is None:
            fresh = _context(
                (ids.generate_trace_id(), ids.generate_span_id(), False, _SAMPLED_AND_RANDOM, _NO_STATE, True)
            )
        else:
            flags = _EACH_FLAGS[parent[_FLAGS] & 0xFF]
            fresh = _context((parent[_TRACE_ID], ids.generate_span_id(), False, flags, parent[_STATE], True))
        span = new_span(self.template, name, fresh, parent, kind)
        if program_context is not None:
            span.program_context = program_context
        if not (record_exception and set_status_on_exception):
            span._record_exception = record_exception  # pyright: ignore[reportPrivateUsage]
            span._set_status_on_exception = set_status_on_exception  # pyright: ignore[reportPrivateUsage]
        if attributes:
            span.set_attributes(attributes)
        if links:
            for link in links:
                span.add_link(link.context, link.attributes)
        span._start_time = time_ns() if start_time is None else start_time  # pyright: ignore[reportPrivateUsage]
        self.span_processor.on_start(span, context)
        return span


class ClientTracer(RecordingTracer):
    """The tracer of a client that makes spans of its calls by itself, and puts them into the headers of its requests.

    If an instrumentor records the call, the client gets what it would get from the API alone: a span that records
    nothing and has the context in which the program made the call.
    """

    def start_span(self, *words: Any, **more: Any) -> trace.Span:
        """See `opentelemetry.trace.Tracer`."""
        call = current()
        if self.successor is None and call is not None and call.headers_context is not None:
            headers_context, call.headers_context = call.headers_context, None
            return trace.NonRecordingSpan(headers_context)
        return super().start_span(*words, **more)


class RecordingProvider(sdk.TracerProvider):
    """The TracerProvider for programs that set none.

    Parameters
    ----------
    resource
        The resource of the process.
    processor
        What spans are handed to.
    parent
        The span of the caller that spans without a parent become children of, None if there is none.
    """

    def __init__(
        self, resource: Resource, processor: sdk.SynchronousMultiSpanProcessor, parent: SpanContext | None
    ) -> None:
        self.shared = Shared()
        self.shared.parent = parent
        ids = OwnRandomIds()
        chosen = cast("Any", sampling)._get_from_env_or_default()
        super().__init__(
            sampler=RecordAll(chosen),
            resource=resource,
            active_span_processor=processor,
            id_generator=ids,
            # The order of things at exit is the distribution's.
            shutdown_on_exit=False,
        )
        self._short = chosen in (sampling.DEFAULT_ON, sampling.ALWAYS_ON)
        self._reseed = ids.reseed
        self._successor: trace.TracerProvider | None = None
        self._journal_only: dict[str, RecordingTracer] = {}
        # Those that a program has let go of are not kept, but for the last it asked for.
        self._tracers: Any = WeakValueDictionary[InstrumentationScope, sdk.Tracer]()
        self._asked: dict[tuple[str, str | None, str | None], trace.Tracer] = {}

    def _handle_fork(self) -> None:
        """In a forked child; in place of the SDK's, which starts threads there.

        They ask what the resource is now, and wait for ever if `concurrent.futures.thread` was imported after the
        provider was made: its lock is still held from before the fork.
        """

    def after_fork(self) -> None:
        """In a forked child: new ids, a new process id, and the open spans are the parent's to end."""
        # Another thread of the parent's may have held it.
        self._tracers_lock = threading.Lock()
        self._update_resource(Resource({general.PROCESS_PID: os.getpid()}))
        for tracer in (*self._tracers.values(), *self._journal_only.values()):
            if isinstance(tracer, RecordingTracer):
                tracer.template["_resource"] = self._resource
        self._reseed()
        self.shared.forks += 1

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> trace.Tracer:
        """See `opentelemetry.trace.TracerProvider`."""
        if self._successor is not None:
            return self._successor.get_tracer(
                instrumenting_module_name, instrumenting_library_version, schema_url, attributes
            )
        if attributes:
            return self._tracer(instrumenting_module_name, instrumenting_library_version, schema_url, attributes)
        asked = (instrumenting_module_name, instrumenting_library_version, schema_url)
        tracer = self._asked.get(asked)
        if tracer is None:
            tracer = self._tracer(*asked)
            if len(self._asked) >= _MOST_KEPT:
                self._asked.clear()
            self._asked[asked] = tracer
        return tracer

    def _tracer(
        self, name: str, version: str | None, schema_url: str | None, attributes: Attributes = None
    ) -> trace.Tracer:
        """The tracer of a scope.

        The SDK's own way adds a filter to `warnings` each time, after which warnings that were shown once are shown
        again.
        """
        if self._disabled or not name:
            return super().get_tracer(name, version, schema_url, attributes)
        scope = InstrumentationScope(name, version or "", schema_url, attributes)
        with self._tracers_lock:
            tracer = self._tracers.get(scope)
            if tracer is not None:
                return tracer
            info: Any = object.__new__(InstrumentationInfo)
            info._name, info._version, info._schema_url = name, version or "", schema_url or ""
            tracer = self._convert_in_place(
                sdk.Tracer(
                    self.sampler,
                    self.resource,
                    self._active_span_processor,
                    self.id_generator,
                    info,
                    self._span_limits,
                    scope,
                    meter_provider=self._meter_provider,
                    _tracer_config=self._apply_tracer_configurator(scope),
                )
            )
            self._tracers[scope] = tracer
            return tracer

    def journal_only_tracer(self, scope: str, version: str | None) -> trace.Tracer:
        """A tracer whose spans are recorded here only, even if the program has set a provider since.

        Parameters
        ----------
        scope, version
            Its instrumentation scope.
        """
        tracer = self._journal_only.get(scope)
        if tracer is None:
            tracer = self._journal_only[scope] = self._convert_in_place(copy(self._tracer(scope, version, None)))
        return tracer

    def _convert_in_place(self, tracer: trace.Tracer) -> RecordingTracer:
        """Turn a tracer of the SDK into a :class:`RecordingTracer`, in place."""
        # The class comes last, because another thread may hold the same tracer already.
        ours = cast("RecordingTracer", tracer)
        ours.shared = self.shared
        ours.successor = None
        ours.short = self._short and type(cast("Any", tracer)._tracer_metrics).__name__ == "NoOpTracerMetrics"
        ours.template = template(ours, self.shared)
        native = ours.template["_scope_name"] == scopes.ANTHROPIC_CLIENT
        tracer.__class__ = ClientTracer if native else RecordingTracer
        return ours

    def hand_over(self, to: trace.TracerProvider) -> None:
        """Let tracers that were handed out already use a provider the program has set since."""
        self._successor = to
        for scope, tracer in list(self._tracers.items()):
            if isinstance(tracer, RecordingTracer):
                tracer.successor = to.get_tracer(scope.name, scope.version, scope.schema_url, scope.attributes)
