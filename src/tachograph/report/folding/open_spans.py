"""The spans that are open at a moment of the fold: the only spans that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tachograph.journal.lines import parse
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from tachograph.journal import Source
    from tachograph.journal.tail import Line

_DEEPEST = 256


class Ancestry(NamedTuple):
    """What is around a span.

    Attributes
    ----------
    phase, iteration
        The innermost ones.
    depth
        How many phases.
    above
        The ids of the spans, the nearest first.
    """

    phase: str | None
    iteration: int | None
    depth: int
    above: tuple[str, ...]


@dataclass(slots=True)
class OpenedSpan:
    """A span that has started.

    Attributes
    ----------
    line
        Where its `span.start` record is.
    record
        That record.
    ancestry
        The spans around it at its start; None if it was not looked at then.
    """

    line: Line
    record: dict[str, Any]
    ancestry: Ancestry | None = None

    @property
    def source(self) -> Source:
        """The journal it is in."""
        return self.line[0]


class OpenSpans:
    """Spans between their start and their end, across all processes of the run.

    Most spans begin and end without anybody asking about them: their first line is kept as it is and parsed only when
    one is asked for.
    """

    def __init__(self) -> None:
        self._spans: dict[str, Line | OpenedSpan] = {}

    def begin_raw(self, span_id: str, line: Line) -> None:
        """Add a span that no section looks for."""
        self._spans[span_id] = line

    def begin(self, span_id: str, opened: OpenedSpan) -> None:
        """Add a span that a section looks for."""
        self._spans[span_id] = opened

    def end(self, span_id: str) -> Line | OpenedSpan | None:
        """Remove a span; gives the line of its start, with what was around it if that was looked at."""
        return self._spans.pop(span_id, None)

    def ancestry(self, parent_id: object) -> Ancestry:
        """The phases, iterations and spans around a span with this parent."""
        phase: str | None = None
        iteration: int | None = None
        depth = 0
        above: list[str] = []
        while isinstance(parent_id, str) and len(above) < _DEEPEST and (known := self._parsed(parent_id)) is not None:
            above.append(parent_id)
            name, number = marks(known.record.get("attributes"))
            if name is not None:
                depth += 1
                phase = phase or name
            if iteration is None:
                iteration = number
            parent_id = known.record.get("parent_id")
        return Ancestry(phase, iteration, depth, tuple(above))

    def remaining(self) -> list[OpenedSpan]:
        """The spans that never ended, oldest first."""
        found = [known for span_id in self._spans if (known := self._parsed(span_id)) is not None]
        return sorted(found, key=lambda span: (span.record["start_ns"], span.record["span_id"]))

    def _parsed(self, span_id: str) -> OpenedSpan | None:
        known = self._spans.get(span_id)
        if known is None or isinstance(known, OpenedSpan):
            return known
        opened = OpenedSpan(known, _record(known[3], span_id))
        self._spans[span_id] = opened
        return opened


def marks(attributes: object) -> tuple[str | None, int | None]:
    """The phase and the iteration a span's attributes make it."""
    if not isinstance(attributes, dict):
        return None, None
    given = cast("dict[str, object]", attributes)
    phase, number = given.get(tacho.PHASE), given.get(tacho.ITERATION)
    return (
        phase if isinstance(phase, str) else None,
        number if isinstance(number, int) and not isinstance(number, bool) else None,
    )


def _record(line: bytes, span_id: str) -> dict[str, Any]:
    record = parse(line) or {}
    if not isinstance(record.get("start_ns"), int):
        record["start_ns"] = 0
    record["span_id"] = span_id
    return record
