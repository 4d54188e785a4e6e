"""Where the time of a run went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.report.folding.phases import OTHER, Stretch, self_times
from tachograph.report.model import Iteration, Phase, Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.report.folding.calls import CallFacts
    from tachograph.report.folding.process_ends import Deaths
    from tachograph.report.folding.state import Folded

AI_EXECUTION = "ai_execution"
"""The phase of a model call that stands in no other; each is an occurrence of it."""


def timing_of(folded: Folded, calls: Sequence[CallFacts], deaths: Deaths, iterations: list[Iteration]) -> Timing:
    """The timing of a run.

    Parameters
    ----------
    folded
        What was gathered, with the phases that never ended.
    calls
        The calls that count.
    deaths
        The bounds of the run.
    iterations
        Its iterations.
    """
    stretches = [
        *folded.stretches,
        *(
            Stretch(call.start_ns, 0, call.span_id, call.end_ns, AI_EXECUTION)
            for call in calls
            if call.ancestry.phase is None
        ),
    ]
    total = deaths.until_ns - deaths.start_ns
    owned = self_times(stretches, deaths.start_ns, deaths.until_ns)
    durations: dict[str, list[int]] = {name: [] for name in owned}
    for stretch in stretches:
        durations.setdefault(stretch.name, []).append(stretch.end_ns - stretch.start_ns)
    phases = [_phase(name, found, owned.get(name, 0), total) for name, found in durations.items()]
    return Timing(
        start_ns=deaths.start_ns,
        end_ns=deaths.end_ns,
        total_ns=total,
        phases=sorted(
            (phase for phase in phases if phase.count or phase.self_ns or phase.name != OTHER),
            key=lambda phase: (-phase.self_ns, phase.name),
        ),
        iterations=iterations,
    )


def _phase(name: str, durations: list[int], own: int, total: int) -> Phase:
    return Phase(
        name=name,
        count=len(durations),
        self_ns=own,
        sum_ns=sum(durations),
        average_ns=sum(durations) // len(durations) if durations else None,
        min_ns=min(durations, default=None),
        max_ns=max(durations, default=None),
        share=own / total if total else 0.0,
    )
