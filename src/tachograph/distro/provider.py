"""A TracerProvider whose spans cost a fraction of the SDK's, record whatever the sampler says, and leave the program's
random numbers alone.

With the default sampler and limits most of what the SDK's tracer does has a known result. Where a program chose
otherwise, the SDK's own path is taken.
"""

from __future__ import annotations

import os
import threading
from copy import copy
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import trace
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import sampling
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags, TraceState

from tachograph.distro.ids import OwnRandomIds
from tachograph.distro.sampler import RecordAll
from tachograph.distro.span import Shared, made, template
from tachograph.runtime.context import SPAN, current_context

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link
    from opentelemetry.util.types import Attributes

_NO_STATE = TraceState()
_new_tuple = cast("Callable[..., SpanContext]", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]
_FLAGS = tuple(TraceFlags(bits) for bits in range(256))


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
        if parent is None or not parent[5]:  # is_valid, without the call of a property
            parent = self.shared.parent
            if parent is not None and not self.short:
                context = trace.set_span_in_context(trace.NonRecordingSpan(parent), context)
        if not (self.short and self._tracer_config.is_enabled):
            return super().start_span(
                name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception
            )
        ids = self.id_generator
        if parent is None:
            fresh = _context((ids.generate_trace_id(), ids.generate_span_id(), False, _FLAGS[3], _NO_STATE, True))
        else:
            fresh = _context((parent[0], ids.generate_span_id(), False, _FLAGS[parent[3] & 0xFF], parent[4], True))
        span = made(self.template, name, fresh, parent, kind)
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


class RecordingProvider(sdk.TracerProvider):
    """The provider that is set where a program has none of its own.

    Parameters
    ----------
    resource
        The resource of the process.
    processor
        What spans are handed to.
    parent
        The span of the caller's that spans without a parent here are children of, None for none.
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
        self._aside: dict[str, RecordingTracer] = {}

    def _handle_fork(self) -> None:
        """In a forked child; in place of the SDK's, which starts threads there.

        They ask what the resource is now, and wait for ever where `concurrent.futures.thread` was imported after the
        provider was made: its lock is still held from before the fork.
        """

    def after_fork(self) -> None:
        """In a forked child: ids and a process id of its own, and the spans that were open stay the parent's."""
        # Another thread of the parent's may have held it.
        self._tracers_lock = threading.Lock()
        self._update_resource(Resource({"process.pid": os.getpid()}))
        for tracer in (*self._tracers.values(), *self._aside.values()):
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
        tracer = super().get_tracer(instrumenting_module_name, instrumenting_library_version, schema_url, attributes)
        if type(tracer) is sdk.Tracer:
            # The SDK keeps the tracer it made and reconfigures it later, so it stays the same object.
            return self._ours(tracer)
        return tracer

    def aside(self, scope: str, version: str | None) -> trace.Tracer:
        """A tracer whose spans come here, also where the program has set a provider of its own since.

        Parameters
        ----------
        scope, version
            Its instrumentation scope.
        """
        known = self._aside.get(scope)
        if known is None:
            known = self._aside[scope] = self._ours(copy(super().get_tracer(scope, version)))
        return known

    def _ours(self, tracer: trace.Tracer) -> RecordingTracer:
        """A tracer of the SDK's, made one of ours in place."""
        # The class comes last, for another thread may hold the same tracer already.
        ours = cast("RecordingTracer", tracer)
        ours.shared = self.shared
        ours.successor = None
        ours.short = self._short and type(cast("Any", tracer)._tracer_metrics).__name__ == "NoOpTracerMetrics"
        ours.template = template(ours, self.shared)
        tracer.__class__ = RecordingTracer
        return ours

    def hand_over(self, to: trace.TracerProvider) -> None:
        """Let tracers that were handed out already use a provider the program has set since."""
        self._successor = to
        for scope, tracer in list(self._tracers.items()):
            if isinstance(tracer, RecordingTracer):
                tracer.successor = to.get_tracer(scope.name, scope.version, scope.schema_url, scope.attributes)
