"""Keeps the current span current in work that is handed to threads and processes."""

from tachograph_executors.instrumentor import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
