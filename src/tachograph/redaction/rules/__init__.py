"""What is looked for, by family; the families are imported when there is something to look closer at."""

from tachograph.redaction.rules.rule import Group, Rank, Rule

__all__ = ["Group", "Rank", "Rule"]
