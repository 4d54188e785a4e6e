"""The members `redactions` and `secrets` of the report: redacted values by kind, in total and different ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tachograph.journal.coerce import integer_of, table_of
from tachograph.journal.lines import redacted
from tachograph.report.folding.section import Section

if TYPE_CHECKING:
    from tachograph.journal import Source
    from tachograph.journal.tail import Line
    from tachograph.report.folding.fold import Fold
    from tachograph.report.folding.section import EndedSpan

_TAGGED = re.compile(rb"\[REDACTED:([a-z0-9-]{1,40}):([0-9a-f]{6})\]")


class Redactions(Section[dict[str, int]]):
    """Counts redacted values by kind.

    Attributes
    ----------
    tags
        The tags of the markers of each kind, different for different values.
    """

    def __init__(self, fold: Fold) -> None:
        super().__init__(fold)
        self._counts: Counter[str] = Counter()
        self._begun: set[Source] = set()
        self.tags: defaultdict[str, set[bytes]] = defaultdict(set)

    def _count(self, tally: object, line: bytes) -> None:
        for kind, count in table_of(tally).items():
            self._counts[kind] += integer_of(count) or 0
        for kind, tag in _TAGGED.findall(line):
            self.tags[kind.decode()].add(tag)

    def run(self, record: dict[str, Any], line: Line) -> None:
        """Count the redacted values in a record."""
        if "redacted" in record:
            self._count(record["redacted"], line[3])

    scope = event = metric = run

    def process(self, record: dict[str, Any], line: Line) -> None:
        """Count the redacted values in a record; each file of a journal begins with a copy of the first record."""
        if record["state"] == "start":
            if line[0] in self._begun:
                return
            self._begun.add(line[0])
        self.run(record, line)

    def span_end(self, span: EndedSpan) -> None:
        """Count the redacted values in the record of the end, which has those of the start too."""
        if "redacted" in span.record:
            self._count(span.record["redacted"], span.line[3])

    def content(self, line: Line) -> None:
        """Count the redacted values in a record."""
        tally = redacted(line[3])
        if tally:
            self._count(tally, line[3])

    @cached_property
    def counts(self) -> dict[str, int]:
        """The counts by kind, the most frequent first; once all records have gone by."""
        for span in self.fold.open_spans.remaining():
            if "redacted" in span.record:
                self._count(span.record["redacted"], span.line[3])
        return dict(sorted(self._counts.items(), key=lambda item: (-item[1], item[0])))

    def report(self) -> dict[str, int]:
        """The counts by kind, the most frequent first."""
        return self.counts


class DifferentSecrets(Section[dict[str, int]]):
    """Counts different redacted values by the tags of their markers."""

    def report(self) -> dict[str, int]:
        """The counts by kind, for kinds whose markers have tags."""
        redactions = self.fold.section(Redactions)
        counts = redactions.counts
        return {kind: len(tags) for kind, tags in sorted(redactions.tags.items()) if kind in counts}
