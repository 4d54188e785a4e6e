"""Looks for the places that need a closer look: triggers, engines and what matches around a trigger."""

__all__: list[str] = []
