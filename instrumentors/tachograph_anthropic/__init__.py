"""Records the calls of the Anthropic client: messages, streams, tool use, caches; releases 0.16 to 2."""

from tachograph_anthropic.instrumentor import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
