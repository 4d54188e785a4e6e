"""What Tachograph knows of the spans that another tool writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Usage = Callable[[Mapping[str, Any]], dict[str, int]]
"""Reads the table of token counts that an attribute holds as JSON, into the names of the conventions."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Dialect(NamedTuple):
    """How one tool reports model calls, as far as that differs from the conventions.

    Attributes
    ----------
    tool
        Its name.
    scopes
        What the names of its instrumentation scopes begin with, if its spans report model calls and that cannot be seen
        from their attributes when they start.
    aliases
        The attributes of the conventions and the names under which the tool writes them, first choice first. They are
        never written; each name has a dot.
    operations
        Attributes that name the kind of operation, and the operation for each of their words that is a model call.
    operation_words
        Words that the tool writes for operations of the conventions, under their attribute.
    content
        What the names of its attributes begin with that hold content: prompts, answers, tool payloads.
    content_names
        Names of attributes that hold content, in full.
    usage
        Attributes that hold token counts as JSON, and what reads them.
    without_caches
        Scopes that count the input of a call and do not know how much of it was cached.
    doubtful_streams
        Scopes whose token counts of streams are known to be wrong.
    input_excludes_caches
        What the names of scopes begin with whose input counts leave out tokens read from and written to caches.
    late_ns
        Reads how long a stream took, in ns, from a record that the tool writes once the stream has ended, besides the
        span it ended at the first byte; None for any other span.
    late_scopes
        What the names of the scopes begin with that write such records.
    """

    tool: str
    scopes: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = _NOTHING
    operations: Mapping[str, Mapping[str, str]] = _NOTHING
    operation_words: Mapping[str, str] = _NOTHING
    content: tuple[str, ...] = ()
    content_names: tuple[str, ...] = ()
    usage: Mapping[str, Usage] = _NOTHING
    without_caches: tuple[str, ...] = ()
    doubtful_streams: tuple[str, ...] = ()
    input_excludes_caches: tuple[str, ...] = ()
    late_ns: Callable[[Mapping[str, object]], int | None] | None = None
    late_scopes: tuple[str, ...] = ()
