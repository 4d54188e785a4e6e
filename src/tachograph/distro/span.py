"""A span with the SDK's interface that costs a fraction of the SDK's.

The SDK's own is built for every option at once; here one is a copied dict, and lists are made when they are needed.
"""

from __future__ import annotations

import threading
from operator import itemgetter
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk import trace as sdk
from opentelemetry.sdk.util import BoundedList
from opentelemetry.trace import Status, StatusCode

from tachograph.runtime.recording import PlainAttributes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.trace import Link, SpanContext, SpanKind
    from opentelemetry.util.types import AttributeValue

# `type` without its narrowing: a container of unknown types would be of unknown type.
_kind: Callable[[object], object] = type

_UNSET = Status(StatusCode.UNSET)
_SCALARS = frozenset({str, int, float, bool})
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


class Shared:
    """State that all spans of a provider share.

    Attributes
    ----------
    forks
        The number of forks since the provider was made: spans from before a fork are the parent's.
    parent
        The span of the caller that spans without a parent become children of, None if there is none.
    """

    __slots__ = ("forks", "parent")

    def __init__(self) -> None:
        self.forks = 0
        self.parent: SpanContext | None = None


class RecordedSpan(sdk.Span):
    """A span with the SDK's interface and fewer parts: a plain dict of attributes, lists made when needed.

    It is made by :func:`new_span` alone.
    """

    _attributes: Any
    _events: Any
    _links: Any
    _start_time: int | None
    _end_time: int | None
    _scope_name: str | None
    program_context: SpanContext | None = None
    """The context of the innermost span around it that no recording made: the one the program would have alone."""
    _shared: Shared
    _forks: int
    _room: int

    def is_recording(self) -> bool:
        """See `opentelemetry.trace.Span`."""
        return self._end_time is None

    def facts(self) -> tuple[Any, ...]:
        """What the journal writes of a span, in one call instead of eleven."""
        state: dict[str, Any] = vars(self)
        attributes: Any = state["_attributes"]
        if _kind(attributes) is not dict:
            state = {**state, "_attributes": dict(attributes)}
        return _FACTS(state)

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """See `opentelemetry.trace.Span`."""
        if self._end_time is not None:
            return
        current = self._attributes
        if len(current) + len(attributes) > self._room:
            for key, value in attributes.items():
                self._set_other(key, value)
            return
        if type(attributes) is PlainAttributes:
            current.update(attributes)
            return
        for key, value in attributes.items():
            if type(value) in _SCALARS and type(key) is str and key:
                if key in current:
                    # What was set last is the last to be dropped if there are too many.
                    del current[key]
                current[key] = value
            else:
                self._set_other(key, value)

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        """See `opentelemetry.trace.Span`."""
        self.set_attributes({key: value})

    def _set_other(self, key: str, value: AttributeValue) -> None:
        """Set what is not a plain value, or does not fit: cleaned and bounded by the SDK's own rules."""
        limits = self._limits
        one = BoundedAttributes(1, {key: value}, immutable=True, max_value_len=limits.max_span_attribute_length)
        current = self._attributes
        if type(current) is dict:
            plain = cast("dict[str, Any]", current)
            most = limits.max_span_attributes
            if most is None or len(plain) < most or key in plain:
                plain.pop(key, None)
                plain.update(one)
                return
            current = BoundedAttributes(most, plain, immutable=False, max_value_len=limits.max_span_attribute_length)
            self._attributes = current
        for name, cleaned in one.items():
            current[name] = cleaned

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


def new_span(
    template_state: dict[str, Any], name: str, context: SpanContext, parent: SpanContext | None, kind: SpanKind
) -> RecordedSpan:
    """A new span with the state of a template, see :func:`template`.

    No constructor runs: one copied dict costs a fifth of 24 assignments.
    """
    state = template_state.copy()
    state["_name"] = name
    state["_context"] = context
    state["_parent"] = parent
    state["_kind"] = kind
    state["_attributes"] = {}
    state["_lock"] = threading.Lock()
    state["_forks"] = state["_shared"].forks
    span: Any = object.__new__(RecordedSpan)
    span.__dict__ = state
    return span


def template(tracer: sdk.Tracer, shared: Shared) -> dict[str, Any]:
    """The state of a new span, by the names that the methods of the SDK use."""
    untyped: Any = tracer
    scope = untyped._instrumentation_scope
    return {
        "_resource": untyped.resource,
        "_instrumentation_info": untyped.instrumentation_info,
        "_instrumentation_scope": scope,
        "_scope_name": scope.name if scope is not None else None,
        "_span_processor": untyped.span_processor,
        "_limits": untyped._span_limits,
        "_room": _room(untyped._span_limits),
        "_sampler": untyped.sampler,
        "_trace_config": None,
        "_record_exception": True,
        "_set_status_on_exception": True,
        "_events": (),
        "_links": (),
        "_status": _UNSET,
        "_start_time": None,
        "_end_time": None,
        "_record_end_metrics": None,
        "_shared": shared,
    }


def _room(limits: sdk.SpanLimits) -> int:
    """How many attributes a span takes without a look at each."""
    return 0 if limits.max_span_attribute_length is not None else limits.max_span_attributes or 0
