"""Keeps the current span current in work that is handed to threads and processes."""

from typing import TYPE_CHECKING

from tachograph_executors.instrumentor import __getattr__ as __getattr__
from tachograph_executors.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from tachograph_executors.entry import ExecutorsInstrumentor

__all__ = ["ExecutorsInstrumentor", "instrument", "uninstrument"]
