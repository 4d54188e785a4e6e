"""Keeps the client's own spans off the calls that are recorded here.

From 1.0 on the client traces its calls itself when a TracerProvider is set; a call would then stand in the trace twice.
The name of that span travels with the options of each request, and a request without one is not traced. So it is taken
from a copy of the options, for this one call: nothing that calls share is touched, clients made earlier are covered,
and once our wrapper is gone or records nothing the client's spans are there as before. The spans of what is not
recorded here (tool runners, sessions, batches) go on.

A program that has set a provider gets them as before: then it is our span that the provider does not get.
"""

from __future__ import annotations

from typing import Any, cast

from tachograph.instrument.stainless.calls import Native


def untraced(options: Any) -> Any:
    """The options of a request that the client does not trace.

    Parameters
    ----------
    options
        The client's `FinalRequestOptions`.

    Returns
    -------
    FinalRequestOptions
        A copy, or the same object if the client would not trace it anyway.
    """
    state: dict[str, Any] = options.__dict__
    if state.get("span_name") is None:
        return options
    copy: Any = object.__new__(options.__class__)
    put = object.__setattr__
    # What pydantic's own `copy` does, at a fraction of its cost.
    put(copy, "__dict__", {**state, "span_name": None})
    try:
        put(copy, "__pydantic_fields_set__", options.__pydantic_fields_set__)
        put(copy, "__pydantic_extra__", options.__pydantic_extra__)
        put(copy, "__pydantic_private__", options.__pydantic_private__)
    except AttributeError:
        # The generation of pydantic before, with which these releases still work.
        put(copy, "__fields_set__", options.__fields_set__)
    return copy


def traces(client: Any, options: Any) -> bool:
    """Whether a client makes a span of a request: it is named, and the client's spans are not off."""
    return getattr(options, "span_name", None) is not None and getattr(client, "_tracer", None) is not None


def has_own_provider(client: Any) -> bool:
    """Whether a client was given a TracerProvider, other than the global one."""
    options: Any = getattr(client, "_open_telemetry", None)
    return isinstance(options, dict) and cast("dict[str, Any]", options).get("tracer_provider") is not None


NATIVE = Native(traces, has_own_provider, untraced)
