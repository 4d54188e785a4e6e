"""A TracerProvider whose spans cost a fraction of the SDK's, record whatever the sampler says, and leave the program's
random numbers alone.

The SDK's own span is built for every option at once; with the default sampler and limits most of that work has a known
result. Where a program chose otherwise, the SDK's own path is taken.
"""

from __future__ import annotations

import os
import random
import threading
from operator import itemgetter
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import trace
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.trace import sampling
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from tachograph.runtime.recording import PlainAttributes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.trace import Link
    from opentelemetry.util.types import Attributes, AttributeValue

# Without the narrowing that comes with `type`: of a container of anything nothing is known.
_kind: Callable[[object], object] = type

_UNSET = Status(StatusCode.UNSET)
_SCALARS = frozenset({str, int, float, bool})
_SAMPLED = TraceFlags.SAMPLED
_NO_STATE = TraceState()
_new_tuple = cast("Callable[..., SpanContext]", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]
_FACTS: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(
    "_name",
    "_scope_name",
    "_attributes",
    "_start_time",
    "_end_time",
    "_status",
    "_context",
    "_parent",
    "_kind",
    "_events",
    "_links",
)
_FLAGS = tuple(TraceFlags(bits) for bits in range(256))


class OwnRandomIds(IdGenerator):
    """Random ids from a generator of our own.

    The SDK draws from the `random` module's shared generator: a program that seeds it would get other numbers when it
    is recorded, and two runs of it the same trace ids.
    """

    def __init__(self) -> None:
        self.reseed()

    def reseed(self) -> None:
        """Start a sequence of its own; a forked child must not repeat its parent's ids."""
        self._bits = random.Random(os.urandom(16)).getrandbits  # noqa: S311 - ids, not secrets

    def generate_span_id(self) -> int:
        """64 random bits, never 0."""
        return self._bits(64) or 1

    def generate_trace_id(self) -> int:
        """128 random bits, never 0."""
        return self._bits(128) or 1

    def is_trace_id_random(self) -> bool:
        """Whether the ids may carry the W3C random flag."""
        return True


class RecordAll(sampling.Sampler):
    """Keeps every span for the journal; what the program's sampler drops is marked as not sampled for exporters.

    Parameters
    ----------
    chosen
        The sampler the program or the environment chose.
    """

    def __init__(self, chosen: sampling.Sampler) -> None:
        self.chosen = chosen

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> sampling.SamplingResult:
        """The chosen sampler's result, with `RECORD_ONLY` for `DROP`."""
        result = self.chosen.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)
        if result.decision is sampling.Decision.DROP:
            return sampling.SamplingResult(sampling.Decision.RECORD_ONLY, dict(attributes or {}), result.trace_state)
        return result

    def get_description(self) -> str:
        """The chosen sampler's description."""
        return self.chosen.get_description()


def _context(members: tuple[int, int, bool, TraceFlags, TraceState, bool]) -> SpanContext:
    """A span context of members known to be valid: ids, is_remote, flags, state, is_valid."""
    return _new_tuple(SpanContext, members)


class _Shared:
    """What all spans of a provider look at."""

    __slots__ = ("forks", "parent")

    def __init__(self) -> None:
        self.forks = 0
        self.parent: SpanContext | None = None


class RecordedSpan(sdk.Span):
    """A span with the SDK's interface and fewer parts: a plain dict of attributes, lists made when needed.

    It is made by :func:`_made` alone.
    """

    _attributes: Any
    _events: Any
    _links: Any
    _start_time: int | None
    _end_time: int | None
    _scope_name: str | None
    _shared: _Shared
    _forks: int
    _room: int

    def is_recording(self) -> bool:
        """See `opentelemetry.trace.Span`."""
        return self._end_time is None

    def facts(self) -> tuple[Any, ...]:
        """What the journal writes of a span, in one call instead of eleven."""
        held: dict[str, Any] = vars(self)
        attributes: Any = held["_attributes"]
        if _kind(attributes) is not dict:
            held = {**held, "_attributes": dict(attributes)}
        return _FACTS(held)

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """See `opentelemetry.trace.Span`."""
        if self._end_time is not None:
            return
        held = self._attributes
        if len(held) + len(attributes) > self._room:
            for key, value in attributes.items():
                self._set_other(key, value)
            return
        if type(attributes) is PlainAttributes:
            held.update(attributes)
            return
        for key, value in attributes.items():
            if type(value) in _SCALARS and type(key) is str and key:
                if key in held:
                    # What was set last is the last to go where there are too many.
                    del held[key]
                held[key] = value
            else:
                self._set_other(key, value)

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        """See `opentelemetry.trace.Span`."""
        self.set_attributes({key: value})

    def _set_other(self, key: str, value: AttributeValue) -> None:
        """Set what is not a plain value, or does not fit: cleaned and bounded by the SDK's own rules."""
        limits = self._limits
        one = BoundedAttributes(1, {key: value}, immutable=True, max_value_len=limits.max_span_attribute_length)
        held = self._attributes
        if type(held) is dict:
            plain = cast("dict[str, Any]", held)
            most = limits.max_span_attributes
            if most is None or len(plain) < most or key in plain:
                plain.pop(key, None)
                plain.update(one)
                return
            held = BoundedAttributes(most, plain, immutable=False, max_value_len=limits.max_span_attribute_length)
            self._attributes = held
        for name, cleaned in one.items():
            held[name] = cleaned

    def _add_event(self, event: sdk.EventBase) -> None:
        if self._end_time is not None:
            return
        if type(self._events) is tuple:
            self._events = BoundedList(self._limits.max_events)
        self._events.append(event)

    def _add_link(self, link: Link) -> None:
        if self._end_time is not None:
            return
        if type(self._links) is tuple:
            self._links = BoundedList(self._limits.max_links)
        self._links.append(link)

    def end(self, end_time: int | None = None) -> None:
        """See `opentelemetry.trace.Span`."""
        with self._lock:
            # After a fork both processes hold the span; it is the parent's to end.
            if self._end_time is not None or self._forks != self._shared.forks:
                return
            self._end_time = time_ns() if end_time is None else end_time
        self._span_processor.on_end(self)


def _made(
    template: dict[str, Any], name: str, context: SpanContext, parent: SpanContext | None, kind: SpanKind
) -> RecordedSpan:
    """A new span with the state of a template, see :func:`_template`.

    Neither the SDK's constructors nor one of our own: one copied dict costs a fifth of 24 assignments.
    """
    held = template.copy()
    held["_name"] = name
    held["_context"] = context
    held["_parent"] = parent
    held["_kind"] = kind
    held["_attributes"] = {}
    held["_lock"] = threading.Lock()
    held["_forks"] = held["_shared"].forks
    span: Any = object.__new__(RecordedSpan)
    span.__dict__ = held
    return span


def _template(tracer: RecordingTracer) -> dict[str, Any]:
    """The state of a new span, by the names the SDK's own methods use."""
    made: Any = tracer
    scope = made._instrumentation_scope
    return {
        "_resource": made.resource,
        "_instrumentation_info": made.instrumentation_info,
        "_instrumentation_scope": scope,
        "_scope_name": scope.name if scope is not None else None,
        "_span_processor": made.span_processor,
        "_limits": made._span_limits,
        "_room": _room(made._span_limits),
        "_sampler": made.sampler,
        "_trace_config": None,
        "_record_exception": True,
        "_set_status_on_exception": True,
        "_events": (),
        "_links": (),
        "_status": _UNSET,
        "_start_time": None,
        "_end_time": None,
        "_record_end_metrics": None,
        "_shared": made.shared,
    }


def _room(limits: sdk.SpanLimits) -> int:
    """How many attributes a span takes without a look at each."""
    return 0 if limits.max_span_attribute_length is not None else limits.max_span_attributes or 0


class RecordingTracer(sdk.Tracer):
    """The SDK's tracer with a short way for the common case."""

    shared: _Shared
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
        parent = trace.get_current_span(context).get_span_context()
        if not parent[5]:  # is_valid, without the call of a property
            parent = self.shared.parent
            if parent is not None and not self.short:
                context = trace.set_span_in_context(trace.NonRecordingSpan(parent), context)
        if not (self.short and self._tracer_config.is_enabled):
            return super().start_span(
                name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception
            )
        ids = self.id_generator
        if parent is None:
            made = _context((ids.generate_trace_id(), ids.generate_span_id(), False, _FLAGS[3], _NO_STATE, True))
        else:
            made = _context((parent[0], ids.generate_span_id(), False, _FLAGS[parent[3] & 0xFF], parent[4], True))
        span = _made(self.template, name, made, parent, kind)
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
        self.shared = _Shared()
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

    def after_fork(self) -> None:
        """In a forked child: ids of its own, and the spans that were open stay the parent's."""
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
            # The SDK keeps the tracer it made and reconfigures it later, so it is made ours in place; the class comes
            # last, for another thread may hold the same tracer already.
            ours = cast("RecordingTracer", tracer)
            ours.shared = self.shared
            ours.successor = None
            ours.short = self._short and type(cast("Any", tracer)._tracer_metrics).__name__ == "NoOpTracerMetrics"
            ours.template = _template(ours)
            tracer.__class__ = RecordingTracer
        return tracer

    def hand_over(self, to: trace.TracerProvider) -> None:
        """Let tracers that were handed out already use a provider the program has set since."""
        self._successor = to
        for scope, tracer in list(self._tracers.items()):
            if isinstance(tracer, RecordingTracer):
                tracer.successor = to.get_tracer(scope.name, scope.version, scope.schema_url, scope.attributes)
