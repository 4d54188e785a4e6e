"""Several layers around one call: counted once, and said.

Two instrumentations of one client, or a framework's span around a client's, describe the same call. Only one of the
spans is counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tachograph.semconv import genai

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.report.folding.call import CallFacts

_RANKS = {"reported": 0, "estimated": 1, "missing": 2}
_TEXT = frozenset({genai.OPERATION_CHAT, genai.OPERATION_TEXT_COMPLETION, genai.OPERATION_GENERATE_CONTENT})


_MOST_LOOKED_AT = 256


class Counted(NamedTuple):
    """What is counted, and what is not because it repeats it.

    Attributes
    ----------
    calls
        The calls that count, in order of their start.
    doubles
        How many spans were folded: (scope kept, scope folded).
    repeats
        The span of each call that was folded, and the one it repeats.
    """

    calls: list[CallFacts]
    doubles: Counter[tuple[str | None, str | None]]
    repeats: dict[str, str]


def fold_doubles(calls: Sequence[CallFacts]) -> Counted:
    """Count each call once.

    A call inside another one is the real one, the span around it repeats it; except that a foreign span inside one of
    ours is the same call seen by a second layer. Side by side, two spans are one call when they have one response id,
    come from different scopes and overlap in time: an id alone is no proof, for some servers give every answer the
    same. Where one of them has no id, they have to lie in one another and to agree in all that both of them know.
    """
    folding = _Folding(calls)
    folding.late()
    folding.nested()
    folding.layers()
    folding.alike()
    left = sorted(folding.left(), key=lambda call: (call.start_ns, call.span_id))
    repeats = {gone: folding.kept(gone) for gone in folding.repeats}
    scopes = {call.span_id: call.scope for call in calls}
    return Counted(left, Counter((scopes[kept], scopes[gone]) for gone, kept in repeats.items()), repeats)


class _Folding:
    def __init__(self, calls: Sequence[CallFacts]) -> None:
        self._calls = calls
        self._scopes: dict[str, set[str | None]] = {}
        self.repeats: dict[str, str] = {}

    def kept(self, span_id: str) -> str:
        """The span that counts in the end: what a span repeats may itself repeat another."""
        while span_id in self.repeats:
            span_id = self.repeats[span_id]
        return span_id

    def left(self) -> list[CallFacts]:
        return [call for call in self._calls if call.span_id not in self.repeats]

    def _fold(self, kept: CallFacts, gone: CallFacts) -> None:
        self.repeats[gone.span_id] = kept.span_id
        # What a call was told by already is told of another one, if it is told again.
        self._scopes.setdefault(kept.span_id, set()).add(gone.scope)

    def _takes(self, kept: CallFacts, other: CallFacts) -> bool:
        return (
            other.span_id not in self.repeats
            and kept.scope != other.scope
            and other.scope not in self._scopes.get(kept.span_id, ())
            # Nor is one that such a call was folded into already the same as a second one.
            and kept.scope not in self._scopes.get(other.span_id, ())
        )

    def late(self) -> None:
        """Logfire ends the span of a stream when its first byte comes, and tells what it brought in a second record."""
        told = sorted((call for call in self._calls if call.late_ns is not None), key=lambda call: call.start_ns)
        if not told:
            return
        waiting: dict[tuple[object, ...], list[CallFacts]] = {}
        for call in self._calls:
            if call.late_ns is None and call.awaits_more:
                waiting.setdefault(_stream(call), []).append(call)
        for late in told:
            begun_ns = late.start_ns - (late.late_ns or 0)
            begun = waiting.get(_stream(late), [])
            match = min(
                (call for call in begun if call.end_ns <= late.start_ns),
                key=lambda call: (abs(call.end_ns - begun_ns), call.start_ns),
                default=None,
            )
            if match is not None:
                begun.remove(match)
                match.duration_ns = late.end_ns - match.start_ns
                match.usage, match.provenance = late.usage, late.provenance
                match.finish_reasons = late.finish_reasons or match.finish_reasons
                self._fold(match, late)

    def nested(self) -> None:
        by_span = {call.span_id: call for call in self.left()}
        for call in sorted(by_span.values(), key=lambda inner: -len(inner.ancestry.above)):
            if call.span_id in self.repeats:
                continue
            for span_id in call.ancestry.above:
                around = by_span.get(span_id)
                if around is None or span_id in self.repeats or not _same_kind(around, call):
                    continue
                if around.ours and not call.ours:
                    self._fold(around, call)
                    break
                self._fold(call, around)

    def layers(self) -> None:
        groups: dict[str, list[CallFacts]] = {}
        for call in self.left():
            if call.response_id is not None:
                groups.setdefault(call.response_id, []).append(call)
        for group in groups.values():
            if len({call.scope for call in group}) < 2:
                continue
            kept: list[CallFacts] = []
            for call in sorted(group, key=_preference):
                match = max(
                    (other for other in kept if self._takes(other, call) and _overlap(other, call) >= 0),
                    key=lambda other: (_overlap(other, call), other.start_ns, other.span_id),
                    default=None,
                )
                if match is None:
                    kept.append(call)
                else:
                    self._fold(match, call)

    def alike(self) -> None:
        left = sorted(self.left(), key=_preference)
        lanes: dict[tuple[object, ...], list[CallFacts]] = {}
        for call in sorted(left, key=lambda call: call.start_ns):
            lanes.setdefault(_lane(call), []).append(call)
        for call in left:
            for lane, others in lanes.items():
                if call.span_id not in self.repeats and _may_meet(lane, _lane(call)):
                    at = self._nearest(call, others)
                    if at is not None:
                        self._fold(call, others.pop(at))

    def _nearest(self, call: CallFacts, others: list[CallFacts]) -> int | None:
        """Which of the others, in order of their start, is the same call; layers of one begin together."""
        after = bisect_left(others, call.start_ns, key=lambda other: other.start_ns)
        before = after - 1
        for _ in range(_MOST_LOOKED_AT):
            later = after < len(others) and others[after].start_ns <= call.end_ns
            if not later and before < 0:
                return None
            nearer_after = later and (
                before < 0 or others[after].start_ns - call.start_ns <= call.start_ns - others[before].start_ns
            )
            at = after if nearer_after else before
            if nearer_after:
                after += 1
            else:
                before -= 1
            if _is_one(call, others[at]) and self._takes(call, others[at]):
                return at
        return None


def _lane(call: CallFacts) -> tuple[object, ...]:
    return call.pid, call.failed, call.scope, call.response_id is not None


def _may_meet(lane: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return lane[:2] == other[:2] and lane[2] != other[2] and not (lane[3] and other[3])


def _stream(call: CallFacts) -> tuple[object, ...]:
    return call.scope, call.pid, call.trace_id, call.model


def _is_one(one: CallFacts, other: CallFacts) -> bool:
    """Whether two spans of which one has no response id can be the same call."""
    if one.scope == other.scope or one.pid != other.pid or (one.response_id and other.response_id):
        return False
    # Each client of ours tells of its calls once.
    if (one.ours and other.ours) or not _same_kind(one, other):
        return False
    models = [{call.request_model, call.response_model} - {None} for call in (one, other)]
    if models[0] and models[1] and models[0].isdisjoint(models[1]):
        return False
    if one.failed != other.failed or not _agree(one, other):
        return False
    # The ends of a stream's layers come in any order.
    return _overlap(one, other) * 10 >= 9 * min(one.duration_ns, other.duration_ns)


def _same_kind(one: CallFacts, other: CallFacts) -> bool:
    return one.operation == other.operation or {one.operation, other.operation} <= _TEXT


def _agree(one: CallFacts, other: CallFacts) -> bool:
    """Whether all tokens that both know are as many."""
    if "estimated" in {one.provenance, other.provenance}:
        return True
    pairs = [(one.usage.all_input, other.usage.all_input), (one.usage.output, other.usage.output)]
    return all(known == told or known is None or told is None for known, told in pairs)


def _preference(call: CallFacts) -> tuple[bool, int, bool, str, int, str]:
    return (
        not call.ours,
        _RANKS[call.provenance],
        call.response_id is None,
        call.scope or "",
        call.start_ns,
        call.span_id,
    )


def _overlap(one: CallFacts, other: CallFacts) -> int:
    return min(one.end_ns, other.end_ns) - max(one.start_ns, other.start_ns)
