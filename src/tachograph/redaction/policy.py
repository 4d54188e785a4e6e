"""What is redacted besides the secrets, and what is not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tachograph.redaction.custom_rules import CustomRule
    from tachograph.redaction.text_span import Span

ON_REQUEST = frozenset({"private-ip", "mac", "wallet"})
"""Kinds that are off by default: records of your own machine need them, and they identify nobody."""

PERSONAL_KINDS = ON_REQUEST | {"email", "card", "iban", "ssn", "phone", "ip"}
"""Kinds of personal data that can be switched on and off."""


class Policy(NamedTuple):
    """What is redacted besides the secrets, and what is not.

    Parameters
    ----------
    personal
        The kinds of personal data that are redacted, of `PERSONAL_KINDS`.
    allowed
        SHA-256 digests of values that are never redacted.
    rules
        The user's own rules.
    names
        Names under which anything is redacted, as `tachograph.redaction.custom_rules.plain_name` gives them.
    """

    personal: frozenset[str] = PERSONAL_KINDS - ON_REQUEST
    allowed: frozenset[bytes] = frozenset()
    rules: tuple[CustomRule, ...] = ()
    names: frozenset[str] = frozenset()

    @property
    def optional(self) -> bool:
        """Whether it has kinds that are searched on request only."""
        return not self.personal.isdisjoint(ON_REQUEST)

    @property
    def has_custom_rules(self) -> bool:
        """Whether there are custom rules or names; then each text is searched by itself."""
        return bool(self.rules or self.names)

    def rules_off(self) -> frozenset[int]:
        """The numbers of the rules that do not apply."""
        from tachograph.redaction.catalogue import RULES
        from tachograph.redaction.rule_types import Rank

        return frozenset(
            number for number, rule in enumerate(RULES) if rule.rank is Rank.PERSONAL and rule.kind not in self.personal
        )

    def allows(self, value: bytes) -> bool:
        """Whether the user allows a value although it looks like a secret."""
        return bool(self.allowed) and hashlib.sha256(value).digest() in self.allowed

    def custom_spans(self, text: bytes) -> Iterator[Span]:
        """What the user's own rules and names find in a text."""
        if self.rules:
            decoded = text.decode("utf-8", "surrogateescape")
            for rule in self.rules:
                yield from rule.spans(decoded)

    def names_a_secret(self, name: str) -> bool:
        """Whether the user has named a member as a secret."""
        if not self.names:
            return False
        from tachograph.redaction.custom_rules import plain_name

        return plain_name(name) in self.names


STRICT = Policy(PERSONAL_KINDS)
"""All kinds: for a text that is passed on to others."""
