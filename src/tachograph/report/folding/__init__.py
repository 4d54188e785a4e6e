"""The fold: one pass over the journals of a run, from which its report is made."""

__all__: list[str] = []
