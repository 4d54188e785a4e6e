"""Judges words, names and values: the vocabulary of secrets, random values, placeholders."""

__all__: list[str] = []
