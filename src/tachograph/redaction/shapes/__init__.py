"""Tokens that their vendors gave a shape, by kind of vendor."""

__all__: list[str] = []
