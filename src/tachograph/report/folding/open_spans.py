"""The spans that are open at a moment of the fold: the only spans that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import orjson

from tachograph.journal.coerce import table_of
from tachograph.semconv import tacho

if TYPE_CHECKING:
    from tachograph.journal.merge import Source

_DEEPEST = 256


class Ancestry(NamedTuple):
    """What a span stands in.

    Attributes
    ----------
    phase, iteration
        The innermost around it.
    depth
        How many phases are around it.
    above
        Ids of the spans around it, the nearest first.
    """

    phase: str | None
    iteration: int | None
    depth: int
    above: tuple[str, ...]


@dataclass(slots=True)
class Opened:
    """A span that was begun; `ancestry` where it mattered at its start."""

    source: Source
    record: dict[str, Any]
    ancestry: Ancestry | None = None


class OpenSpans:
    """Spans between their start and their end, across all processes of the run.

    Most spans begin and end without anybody asking about them: their first line is kept as it is and parsed only when
    one is asked for.
    """

    def __init__(self) -> None:
        self._spans: dict[str, tuple[Source, bytes] | Opened] = {}

    def begin_raw(self, span_id: str, source: Source, line: bytes) -> None:
        """A span has begun that is neither a phase nor an iteration nor a call."""
        self._spans[span_id] = (source, line)

    def begin(self, span_id: str, opened: Opened) -> None:
        """A span has begun."""
        self._spans[span_id] = opened

    def end(self, span_id: str) -> Opened | None:
        """A span has ended; gives it back if it was begun with what it stands in."""
        known = self._spans.pop(span_id, None)
        return known if isinstance(known, Opened) else None

    def ancestry(self, parent_id: object) -> Ancestry:
        """What a span with this parent stands in."""
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

    def remaining(self) -> list[Opened]:
        """The spans that never ended, oldest first."""
        found = [known for span_id in self._spans if (known := self._parsed(span_id)) is not None]
        return sorted(found, key=lambda span: (span.record["start_ns"], span.record["span_id"]))

    def _parsed(self, span_id: str) -> Opened | None:
        known = self._spans.get(span_id)
        if known is None or isinstance(known, Opened):
            return known
        source, line = known
        opened = Opened(source, _record(line, span_id))
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
    try:
        loaded: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        loaded = None
    record = table_of(loaded)
    if not isinstance(record.get("start_ns"), int):
        record["start_ns"] = 0
    record["span_id"] = span_id
    return record
