"""Carries a context to the thread or process that makes it current again.

Another process gets it as plain data, on objects of the standard library: a worker that does not have Tachograph,
or does not record, unpickles them and never looks.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from contextvars import Token

KEY = "_tachograph_context"
"""The attribute a context is carried in: a `Context` within the process, a W3C carrier to another."""

_propagator = TraceContextTextMapPropagator()


_packed: tuple[object, dict[str, str]] = (None, {})
"""The span that was packed last, as many tasks are handed over in one, and what came of it."""


def packed() -> dict[str, str]:
    """The current span as a W3C Trace Context carrier; empty if there is none."""
    global _packed
    span = trace.get_current_span().get_span_context()
    last, carrier = _packed
    if span is last:
        return carrier
    if not span.is_valid:
        return {}
    carrier = {"traceparent": f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags & 0xFF:02x}"}
    if span.trace_state:
        carrier["tracestate"] = span.trace_state.to_header()
    _packed = (span, carrier)
    return carrier


def enter(carried: object) -> Token[Any] | None:
    """Make a context current.

    Parameters
    ----------
    carried
        What was found under :data:`KEY`.

    Returns
    -------
    Token or None
        What :func:`leave` takes; None if nothing was carried.
    """
    try:
        if isinstance(carried, context.Context):
            return context.attach(carried)
        if isinstance(carried, dict):
            return context.attach(_propagator.extract(carried, context.Context()))  # pyright: ignore[reportUnknownArgumentType] - it looks at what it takes
    except Exception:  # noqa: S110 - the work goes on without its parent
        pass
    return None


def leave(token: Token[Any] | None) -> None:
    """Make the context current that was so before."""
    if token is not None:
        context.detach(token)


def carrying(keywords: Any, *, to_thread: bool) -> Any:
    """The keyword arguments of a call with the current context on them.

    An `OrderedDict` keeps its attributes when it is pickled, and what is called gets a plain dictionary all the same.
    `functools.partial` around the function would not do: `multiprocessing` drops what was set on one.

    Parameters
    ----------
    keywords
        What was submitted; left as it is unless it is a plain dictionary.
    to_thread
        Whether it stays in this process.
    """
    if type(keywords) is not dict:
        return keywords
    try:
        carried: Any = OrderedDict(cast("dict[str, Any]", keywords))
        setattr(carried, KEY, context.get_current() if to_thread else packed())
    except Exception:  # a span of another make
        return keywords  # pyright: ignore[reportUnknownVariableType]
    return carried


def carried_by(keywords: object) -> object:
    """What :func:`carrying` put on keyword arguments, None if it did not make them."""
    return keywords.__dict__.get(KEY) if type(keywords) is OrderedDict else None
