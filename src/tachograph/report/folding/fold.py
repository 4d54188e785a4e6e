"""A run while it is folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from tachograph.report.folding.open_spans import OpenSpans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tachograph.journal import Source
    from tachograph.report.prices import Pricer

AnySection = TypeVar("AnySection")


class Fold:
    """A run while it is folded: what all sections need, and the sections.

    Parameters
    ----------
    run_dir
        The run's folder.
    sources
        Its journals.
    pricer
        Prices its calls.

    Attributes
    ----------
    open_spans
        The spans that have started and not ended.
    first_ns, last_ns
        The earliest start and the latest sign of life in the records, in ns since the epoch; None and 0 at first.
    now_ns
        The end of what a running run has done so far, in ns since the epoch.
    """

    def __init__(self, run_dir: Path, sources: Sequence[Source], pricer: Pricer) -> None:
        self.run_dir = run_dir
        self.sources = sources
        self.pricer = pricer
        self.open_spans = OpenSpans()
        self.first_ns: int | None = None
        self.last_ns = 0
        self.now_ns = 0
        self._sections: dict[object, object] = {}

    def section(self, kind: Callable[[Fold], AnySection]) -> AnySection:
        """A section, made when it is first asked for.

        Parameters
        ----------
        kind
            Its class.
        """
        known = self._sections.get(kind)
        if known is None:
            known = self._sections[kind] = kind(self)
        return cast("AnySection", known)

    def began(self, at_ns: int) -> None:
        """Something began then."""
        if self.first_ns is None or at_ns < self.first_ns:
            self.first_ns = at_ns

    def lived(self, at_ns: int) -> None:
        """There was a sign of life then."""
        self.last_ns = max(self.last_ns, at_ns)
