"""Keeps for the journal what the program's sampler drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import sampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link, SpanKind, TraceState
    from opentelemetry.util.types import Attributes


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
