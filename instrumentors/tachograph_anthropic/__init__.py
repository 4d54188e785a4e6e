"""Records the calls of the Anthropic client: messages, streams, tool use, caches; releases 0.16 to 2."""

from typing import TYPE_CHECKING

from tachograph_anthropic.instrumentor import __getattr__ as __getattr__
from tachograph_anthropic.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from tachograph_anthropic.entry import AnthropicInstrumentor

__all__ = ["AnthropicInstrumentor", "instrument", "uninstrument"]
