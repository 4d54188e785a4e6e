"""All rules in one row; the place of a rule in it is its number in the engine."""

from __future__ import annotations

from tachograph.redaction.rules.keys import KEYED
from tachograph.redaction.rules.pem import STRUCTURES
from tachograph.redaction.rules.pii import PERSONAL
from tachograph.redaction.rules.rule import Rule
from tachograph.redaction.rules.tokens import TOKENS
from tachograph.redaction.rules.urls import URLS

RULES: tuple[Rule, ...] = (*STRUCTURES, *URLS, *TOKENS, *KEYED, *PERSONAL)
"""Every rule."""
