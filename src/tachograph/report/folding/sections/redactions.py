"""The members `redactions` and `secrets` of the report: redacted values by kind, in total and different ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tachograph.journal.coerce import table_of
from tachograph.journal.lines import redacted
from tachograph.report.folding.section import Section
from tachograph.report.folding.sections.unfinished_spans import UnfinishedSpans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan

_TAGGED = re.compile(rb"\[REDACTED:([a-z0-9-]{1,40}):([0-9a-f]{6})\]")


class Redactions(Section[dict[str, int]]):
    """Counts redacted values by kind."""

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._counts: Counter[str] = Counter()
        self._begun: set[Source] = set()

    def _count(self, tally: Mapping[str, int]) -> None:
        for kind, count in tally.items():
            self._counts[kind] += count

    def run(self, record: dict[str, Any], line: Line) -> None:  # noqa: ARG002
        """Count the redacted values in a record."""
        self._count(table_of(record.get("redacted")))

    scope = event = metric = run

    def process(self, record: dict[str, Any], line: Line) -> None:
        """Count the redacted values in a record; each file of a journal begins with a copy of the first record."""
        if record["state"] == "start":
            if line[0] in self._begun:
                return
            self._begun.add(line[0])
        self._count(table_of(record.get("redacted")))

    def span_end(self, span: EndedSpan) -> None:
        """Count the redacted values in the record of the end, which has those of the start too."""
        if "redacted" in span.record:
            self._count(span.record["redacted"])

    def content(self, line: Line) -> None:
        """Count the redacted values in a record."""
        self._count(redacted(line[3]))

    def report(self) -> dict[str, int]:
        """The counts by kind, the most frequent first."""
        counts = self._counts.copy()
        for span in self.fold.section(UnfinishedSpans).spans:
            counts.update(table_of(span.record.get("redacted")))
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


class DifferentSecrets(Section[dict[str, int]]):
    """Counts different redacted values by the tags of their markers."""

    needle = b"[REDACTED:"

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._tags: defaultdict[str, set[bytes]] = defaultdict(set)

    def text(self, line: bytes) -> None:
        """Note the tags in a line."""
        for kind, tag in _TAGGED.findall(line):
            self._tags[kind.decode()].add(tag)

    def report(self) -> dict[str, int]:
        """The counts by kind, for kinds whose markers have tags."""
        counted = self.fold.section(Redactions).report()
        return {kind: len(self._tags[kind]) for kind in sorted(self._tags) if kind in counted}
