"""Sends runs over OTLP: which signals are sent, the process that sends them, its progress."""

__all__: list[str] = []
