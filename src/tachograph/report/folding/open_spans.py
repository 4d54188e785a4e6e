"""The spans that have started and not ended, the only spans that the fold keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tachograph.journal.lines import parse
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from collections.abc import Callable

    from tachograph.journal import Source
    from tachograph.journal.tail import Line

_DEEPEST = 256


class Ancestry(NamedTuple):
    """The phases, iterations and spans around a span.

    Attributes
    ----------
    phase, iteration
        The innermost phase and iteration.
    depth
        Number of phases.
    above
        The ids of the spans around it, the innermost first.
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
        The line of its `span.start` record.
    record
        The parsed record.
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

    Nothing asks about most spans, so the line of their start is kept unchanged and parsed only on demand.
    """

    def __init__(self) -> None:
        self._spans: dict[str, Line | OpenedSpan] = {}

    def begin_raw(self, span_id: str, line: Line) -> None:
        """Add a span that no section has asked for, with the line of its start."""
        self._spans[span_id] = line

    def begin(self, span_id: str, opened: OpenedSpan) -> None:
        """Add a span that a section has asked for."""
        self._spans[span_id] = opened

    def end(self, span_id: str) -> Line | OpenedSpan | None:
        """Remove a span and return its start, parsed if anything has asked for it; None if it is not known."""
        return self._spans.pop(span_id, None)

    def ancestry(self, parent_id: object) -> Ancestry:
        """The phases, iterations and spans around a span with this parent."""
        phase: str | None = None
        iteration: int | None = None
        depth = 0
        above: list[str] = []
        while isinstance(parent_id, str) and len(above) < _DEEPEST and (span := self._parsed(parent_id)) is not None:
            above.append(parent_id)
            name, number = marks(span.record.get("attributes"))
            if name is not None:
                depth += 1
                phase = phase or name
            if iteration is None:
                iteration = number
            parent_id = span.record.get("parent_id")
        return Ancestry(phase, iteration, depth, tuple(above))

    def where(self, wanted: Callable[[Line], bool]) -> list[OpenedSpan]:
        """The spans whose start is wanted, by its line."""
        names = [
            span_id
            for span_id, start in self._spans.items()
            if wanted(start.line if isinstance(start, OpenedSpan) else start)
        ]
        return [span for span_id in names if (span := self._parsed(span_id)) is not None]

    def remaining(self) -> list[OpenedSpan]:
        """The spans that never ended, oldest first."""
        spans = [span for span_id in self._spans if (span := self._parsed(span_id)) is not None]
        return sorted(spans, key=lambda span: (span.record["start_ns"], span.record["span_id"]))

    def _parsed(self, span_id: str) -> OpenedSpan | None:
        start = self._spans.get(span_id)
        if start is None or isinstance(start, OpenedSpan):
            return start
        opened = OpenedSpan(start, _record(start[3], span_id))
        self._spans[span_id] = opened
        return opened


def marks(attributes: object) -> tuple[str | None, int | None]:
    """The phase and the iteration that a span with these attributes is; None if it is none."""
    if not isinstance(attributes, dict):
        return None, None
    checked = cast("dict[str, object]", attributes)
    phase, number = checked.get(tacho.PHASE), checked.get(tacho.ITERATION)
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
