"""The user's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tachograph.redaction.rule_types import Rank
from tachograph.redaction.text_span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATORS = re.compile(r"[-_. ]")


class CustomRule(NamedTuple):
    """A user-defined redaction rule.

    Parameters
    ----------
    kind
        Its name, in the marker and in the counts.
    pattern
        What it finds in a text. The group ``secret`` is redacted, or all of it if there is no such group.
    """

    kind: str
    pattern: re.Pattern[str]

    def spans(self, text: str) -> Iterator[Span]:
        """What the rule redacts in a text, by places in UTF-8.

        Parameters
        ----------
        text
            The text; a byte that is not UTF-8 is half a surrogate pair.
        """
        group = "secret" if "secret" in self.pattern.groupindex else 0
        plain = text.isascii()
        for match in self.pattern.finditer(text):
            start, end = match.span(group)
            if start < end:
                if not plain:
                    end = len(text[:end].encode("utf-8", "surrogateescape"))
                    start = end - len(match[group].encode("utf-8", "surrogateescape"))
                yield Span(start, end, self.kind, Rank.CUSTOM, tagged=True)


def plain_name(name: str) -> str:
    """A name of a member, header or variable in the form in which names are compared: lower case, no separators."""
    return _SEPARATORS.sub("", name).lower()


def named(names: frozenset[str]) -> CustomRule | None:
    """The rule for the values of some names in text; None without names.

    Parameters
    ----------
    names
        As :func:`plain_name` gives them.
    """
    if not names:
        return None
    spelt = "|".join("[-_. ]?".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    return CustomRule(
        "secret",
        re.compile(
            rf"(?i)(?<![a-z0-9])(?:{spelt})(?:\\{{0,7}}[\"'`])?\s{{0,4}}(?:[:=]|=>|\s)\s{{0,4}}(?!\[REDACTED:)"
            r"(?:(?P<q>\\{0,7}[\"'`]))?(?P<secret>(?(q)(?:(?!(?P=q)).){1,4096}|[^\s\"'`,;&<>()\[\]{}]{1,4096}))"
        ),
    )
