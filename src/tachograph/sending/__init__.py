"""Sending a run on over OTLP: which signals, the process that does it, how far it is."""

__all__: list[str] = []
