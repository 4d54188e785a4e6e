"""What is known of the tools behind instrumentation scopes: which report calls, and whose token counts need care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.semconv.dialects.table import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_REPORTING = tuple({scope for dialect in DIALECTS for scope in dialect.scopes})
_WITHOUT_CACHES = frozenset(scope for dialect in DIALECTS for scope in dialect.without_caches)
_DOUBTFUL_STREAMS = frozenset(scope for dialect in DIALECTS for scope in dialect.doubtful_streams)
_INPUT_EXCLUDES_CACHES = tuple({scope for dialect in DIALECTS for scope in dialect.input_excludes_caches})
_LATE_SCOPES = tuple({scope for dialect in DIALECTS for scope in dialect.late_scopes})
_LATE = tuple(dialect.late_ns for dialect in DIALECTS if dialect.late_ns is not None)


def reports_calls(scope: str) -> bool:
    """Whether the spans of a scope report model calls, which their attributes need not show when they start."""
    return scope.startswith(_REPORTING)


def lacks_caches(scope: str | None) -> bool:
    """Whether a scope counts input tokens without knowing how many of them were cached."""
    return scope in _WITHOUT_CACHES


def miscounts_streams(scope: str | None) -> bool:
    """Whether the token counts of a scope's streams are known to be wrong."""
    return scope in _DOUBTFUL_STREAMS


def excludes_caches(scope: str | None) -> bool:
    """Whether a scope's input counts leave out tokens read from and written to caches."""
    return scope is not None and scope.startswith(_INPUT_EXCLUDES_CACHES)


def records_later(scope: str | None) -> bool:
    """Whether a scope may write a second record of a call, once its stream has ended."""
    return scope is not None and scope.startswith(_LATE_SCOPES)


def late_ns(attributes: Mapping[str, object]) -> int | None:
    """How long a stream took, in ns, if this is a record written at its end besides its span; None otherwise."""
    for read in _LATE:
        taken_ns = read(attributes)
        if taken_ns is not None:
            return taken_ns
    return None
