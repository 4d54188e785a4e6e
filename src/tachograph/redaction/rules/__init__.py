"""Secrets and personal data that what is around them gives away: a name, a command, a place in a document."""

__all__: list[str] = []
