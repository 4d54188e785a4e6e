"""Records what a program logs through `logging`, from a level on."""

from tachograph_logging.instrumentor import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
