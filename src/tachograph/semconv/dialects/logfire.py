"""Logfire. https://github.com/pydantic/logfire"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.semconv.dialects.dialect import Dialect
from tachograph.semconv.dialects.provider_usage import provider_usage

if TYPE_CHECKING:
    from collections.abc import Mapping


def _late_ns(attributes: Mapping[str, object]) -> int | None:
    """How long a stream took, from the record that Logfire writes at its end."""
    duration_s = attributes.get("duration")
    if attributes.get("logfire.span_type") != "log":
        return None
    if isinstance(duration_s, bool) or not isinstance(duration_s, int | float):
        return None
    return int(duration_s * 1e9) if duration_s >= 0 else None


DIALECT = Dialect(
    tool="Logfire",
    scopes=("logfire.openai_agents",),
    content=(
        "request_data",
        "response_data",
        "logfire.json_schema",
        "mcp.request.argument",
    ),
    # Of the agents of OpenAI's SDK.
    content_names=("input", "output", "raw_input", "response"),
    usage={"gen_ai.usage.raw": provider_usage},
    # OpenAI's agents do not hand on how much of the input was cached.
    without_caches=("logfire.openai_agents",),
    late_ns=_late_ns,
    late_scopes=("logfire.",),
)
