"""The member `spans` of the report: the number of spans that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.report.folding.section import Section

if TYPE_CHECKING:
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan


class SpanCount(Section[int]):
    """Counts the spans that ended."""

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._count = 0

    def span_end(self, span: EndedSpan) -> None:  # noqa: ARG002
        """Count a span."""
        self._count += 1

    def report(self) -> int:
        """The number of spans that ended."""
        return self._count
