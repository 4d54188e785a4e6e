"""Several layers around one call: counted once, and said.

Two instrumentations of one client, or a framework's span around a client's, describe the same call. Only one of the
spans is counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.report.calls import CallFacts

_Pair = tuple[str | None, str | None]


def fold_doubles(calls: Sequence[CallFacts]) -> tuple[list[CallFacts], Counter[_Pair]]:
    """The calls that count, in order of their start, and how many spans were folded: (scope kept, scope folded).

    A call inside another one is the real one, the span around it repeats it; except that a foreign span inside one of
    ours is the same call seen by a second layer. Side by side, two spans are one call when they have one response id,
    come from different scopes and overlap in time: an id alone is no proof, for some servers give every answer the
    same.
    """
    folded: Counter[_Pair] = Counter()
    left = _fold_nested(calls, folded)
    left = _fold_layers(left, folded)
    return sorted(left, key=lambda call: (call.start_ns, call.span_id)), folded


def _fold_nested(calls: Sequence[CallFacts], folded: Counter[_Pair]) -> list[CallFacts]:
    by_span = {call.span_id: call for call in calls}
    dropped: set[str] = set()
    for call in sorted(calls, key=lambda inner: -len(inner.ancestry.above)):
        if call.span_id in dropped:
            continue
        for span_id in call.ancestry.above:
            around = by_span.get(span_id)
            if around is None or span_id in dropped:
                continue
            if around.ours and not call.ours:
                dropped.add(call.span_id)
                folded[around.scope, call.scope] += 1
                break
            dropped.add(span_id)
            folded[call.scope, around.scope] += 1
    return [call for call in calls if call.span_id not in dropped]


def _fold_layers(calls: Sequence[CallFacts], folded: Counter[_Pair]) -> list[CallFacts]:
    groups: dict[str, list[CallFacts]] = {}
    left: list[CallFacts] = []
    for call in calls:
        if call.response_id is None:
            left.append(call)
        else:
            groups.setdefault(call.response_id, []).append(call)
    for group in groups.values():
        kept: list[CallFacts] = []
        layers: dict[str, set[str | None]] = {}
        for call in sorted(group, key=_preference):
            match = max(
                (
                    other
                    for other in kept
                    if other.scope != call.scope
                    and call.scope not in layers[other.span_id]
                    and _overlap(other, call) >= 0
                ),
                key=lambda other: (_overlap(other, call), other.start_ns, other.span_id),
                default=None,
            )
            if match is None:
                kept.append(call)
                layers[call.span_id] = set()
            else:
                layers[match.span_id].add(call.scope)
                folded[match.scope, call.scope] += 1
        left.extend(kept)
    return left


def _preference(call: CallFacts) -> tuple[bool, bool, str, int, str]:
    return (not call.ours, call.provenance == "missing", call.scope or "", call.start_ns, call.span_id)


def _overlap(one: CallFacts, other: CallFacts) -> int:
    return min(one.end_ns, other.end_ns) - max(one.start_ns, other.start_ns)
