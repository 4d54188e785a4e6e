"""Finds the spans that record the same call, so that it is counted once.

Two instrumentations of one client, or a framework's span around a client's, record the same call twice. Only one of the
spans is counted, and the report lists the others as doubles.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tachograph.semconv import genai, quirks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tachograph.report.folding.call import CallFacts

_RANKS = {"reported": 0, "estimated": 1, "missing": 2}
_TEXT = frozenset({genai.OPERATION_CHAT, genai.OPERATION_TEXT_COMPLETION, genai.OPERATION_GENERATE_CONTENT})
_MOST_COMPARED = 256
"""Calls that one call is compared with at most, the nearest in time first."""


class Counted(NamedTuple):
    """The calls that count, and the spans that repeat them.

    Attributes
    ----------
    calls
        The calls that count, in order of their start.
    doubles
        Number of spans that were not counted, by the scope that was counted and the scope that was not.
    repeats
        The id of each span that was not counted, and of the one it repeats.
    """

    calls: list[CallFacts]
    doubles: Counter[tuple[str | None, str | None]]
    repeats: dict[str, str]


def fold_doubles(calls: Sequence[CallFacts]) -> Counted:
    """Count each call once.

    - Nested spans: the inner one counts, and the span around it repeats it. If the outer span is ours and the inner is
      not, the outer one counts.
    - Spans side by side are one call if they have the same response id, come from different scopes and overlap in time.
      The id alone is no proof, because some servers give every response the same id.
    - If one of them has no response id, nearly all of the shorter span must overlap, and they must agree in model,
      outcome and every token count that both have.

    Parameters
    ----------
    calls
        The calls, in any order.
    """
    folding = _Folding(calls)
    folding.fold_late_records()
    folding.fold_nested()
    folding.fold_same_response()
    folding.fold_similar()
    counted = sorted(folding.remaining(), key=lambda call: (call.start_ns, call.span_id))
    repeats = {repeat: folding.counted_for(repeat) for repeat in folding.repeats}
    scopes = {call.span_id: call.scope for call in calls}
    return Counted(counted, Counter((scopes[kept], scopes[repeat]) for repeat, kept in repeats.items()), repeats)


def awaits_second_record(calls: Sequence[CallFacts]) -> bool:
    """Whether the second record of one of some streams has not come, see :func:`fold_doubles`."""
    folding = _Folding(calls)
    folding.fold_late_records()
    return any(call.awaits_more and quirks.records_later(call.scope) for call in folding.remaining())


class _Folding:
    """Finds repeats step by step; a span that repeats another is not looked at again."""

    def __init__(self, calls: Sequence[CallFacts]) -> None:
        self._calls = list(calls)
        self._scopes: dict[str, set[str | None]] = {}
        self.repeats: dict[str, str] = {}

    def counted_for(self, span_id: str) -> str:
        """The span that is counted in place of this one; the span that it repeats may itself repeat another."""
        while span_id in self.repeats:
            span_id = self.repeats[span_id]
        return span_id

    def remaining(self) -> list[CallFacts]:
        return [call for call in self._calls if call.span_id not in self.repeats]

    def _fold(self, kept: CallFacts, repeat: CallFacts) -> None:
        self.repeats[repeat.span_id] = kept.span_id
        # A scope records a call once: a second span of this scope is another call.
        self._scopes.setdefault(kept.span_id, set()).add(repeat.scope)

    def _can_repeat(self, kept: CallFacts, other: CallFacts) -> bool:
        """Whether no scope would have recorded the call twice if `other` repeats `kept`."""
        return (
            other.span_id not in self.repeats
            and kept.scope != other.scope
            and other.scope not in self._scopes.get(kept.span_id, ())
            # The same for the spans that repeat `other`.
            and kept.scope not in self._scopes.get(other.span_id, ())
        )

    def fold_late_records(self) -> None:
        """Fold second records: Logfire ends the span of a stream at its first byte, and records the rest later."""
        late_records = sorted(
            (call for call in self._calls if call.late_ns is not None), key=lambda call: call.start_ns
        )
        if not late_records:
            return
        waiting: dict[tuple[object, ...], list[CallFacts]] = {}
        for call in self._calls:
            if call.late_ns is None and call.awaits_more:
                waiting.setdefault(_stream(call), []).append(call)
        for late in late_records:
            begun_ns = late.start_ns - (late.late_ns or 0)
            begun = waiting.get(_stream(late), [])
            match = min(
                (call for call in begun if call.end_ns <= late.start_ns),
                key=lambda call: (abs(call.end_ns - begun_ns), call.start_ns),
                default=None,
            )
            if match is not None:
                begun.remove(match)
                # A copy, because the same calls may be looked at again.
                whole = replace(
                    match,
                    duration_ns=late.end_ns - match.start_ns,
                    usage=late.usage,
                    provenance=late.provenance,
                    finish_reasons=late.finish_reasons or match.finish_reasons,
                )
                self._calls[self._calls.index(match)] = whole
                self._fold(match, late)

    def fold_nested(self) -> None:
        """Fold spans around a call, and foreign spans within one of ours."""
        by_span = {call.span_id: call for call in self.remaining()}
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

    def fold_same_response(self) -> None:
        """Fold overlapping spans of different scopes with the same response id."""
        groups: dict[str, list[CallFacts]] = {}
        for call in self.remaining():
            if call.response_id is not None:
                groups.setdefault(call.response_id, []).append(call)
        for group in groups.values():
            if len({call.scope for call in group}) < 2:
                continue
            kept: list[CallFacts] = []
            for call in sorted(group, key=_preference):
                match = max(
                    (other for other in kept if self._can_repeat(other, call) and _overlap(other, call) >= 0),
                    key=lambda other: (_overlap(other, call), other.start_ns, other.span_id),
                    default=None,
                )
                if match is None:
                    kept.append(call)
                else:
                    self._fold(match, call)

    def fold_similar(self) -> None:
        """Fold spans of which one has no response id, if they agree in everything that both know."""
        remaining = sorted(self.remaining(), key=_preference)
        lanes: dict[tuple[object, ...], list[CallFacts]] = {}
        for call in sorted(remaining, key=lambda call: call.start_ns):
            lanes.setdefault(_lane(call), []).append(call)
        for call in remaining:
            for lane, others in lanes.items():
                if call.span_id not in self.repeats and _may_meet(lane, _lane(call)):
                    at = self._nearest(call, others)
                    if at is not None:
                        self._fold(call, others.pop(at))

    def _nearest(self, call: CallFacts, others: list[CallFacts]) -> int | None:
        """The index of the call nearest in time that is the same; the others are in order of their start."""
        after = bisect_left(others, call.start_ns, key=lambda other: other.start_ns)
        before = after - 1
        for _ in range(_MOST_COMPARED):
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
            if _is_same(call, others[at]) and self._can_repeat(call, others[at]):
                return at
        return None


def _lane(call: CallFacts) -> tuple[object, ...]:
    return call.pid, call.failed, call.scope, call.response_id is not None


def _may_meet(lane: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return lane[:2] == other[:2] and lane[2] != other[2] and not (lane[3] and other[3])


def _stream(call: CallFacts) -> tuple[object, ...]:
    return call.scope, call.pid, call.trace_id, call.model


def _is_same(one: CallFacts, other: CallFacts) -> bool:
    """Whether two spans of which one has no response id can be the same call."""
    if one.scope == other.scope or one.pid != other.pid or (one.response_id and other.response_id):
        return False
    # Each of our instrumentors records a call once.
    if (one.ours and other.ours) or not _same_kind(one, other):
        return False
    models = [{call.request_model, call.response_model} - {None} for call in (one, other)]
    if models[0] and models[1] and models[0].isdisjoint(models[1]):
        return False
    if one.failed != other.failed or not _agree(one, other):
        return False
    # The layers around a stream may end in any order, so only most of the shorter span has to overlap.
    return _overlap(one, other) * 10 >= 9 * min(one.duration_ns, other.duration_ns)


def _same_kind(one: CallFacts, other: CallFacts) -> bool:
    return one.operation == other.operation or {one.operation, other.operation} <= _TEXT


def _agree(one: CallFacts, other: CallFacts) -> bool:
    """Whether the token counts that both know are equal."""
    if "estimated" in {one.provenance, other.provenance}:
        return True
    pairs = [(one.usage.all_input, other.usage.all_input), (one.usage.output, other.usage.output)]
    return all(count == other_count or count is None or other_count is None for count, other_count in pairs)


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
