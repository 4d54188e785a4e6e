"""What is looked for, by family."""

from tachograph.redaction.rules.catalogue import RULES
from tachograph.redaction.rules.rule import Rank, Rule

__all__ = ["RULES", "Rank", "Rule"]
