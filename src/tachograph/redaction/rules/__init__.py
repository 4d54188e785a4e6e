"""What is looked for, by family."""

from tachograph.redaction.rules.catalogue import RULES
from tachograph.redaction.rules.rule import Group, Rank, Rule

__all__ = ["RULES", "Group", "Rank", "Rule"]
