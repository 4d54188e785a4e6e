"""All rules in one row; the place of a rule in it is its number in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rules.keys import KEYED
from tachograph.redaction.rules.pem import STRUCTURES
from tachograph.redaction.rules.pii import PERSONAL
from tachograph.redaction.rules.platforms import PLATFORMS
from tachograph.redaction.rules.tokens import TOKENS
from tachograph.redaction.rules.urls import URLS

if TYPE_CHECKING:
    from tachograph.redaction.rules.rule import Rule

RULES: tuple[Rule, ...] = (*STRUCTURES, *URLS, *TOKENS, *PLATFORMS, *KEYED, *PERSONAL)
"""Every rule."""
