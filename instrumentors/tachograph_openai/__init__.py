"""Records the calls of the OpenAI client: chats, responses, embeddings, text completions; releases 1 to 3."""

from typing import TYPE_CHECKING

from tachograph_openai.instrumentor import __getattr__ as __getattr__
from tachograph_openai.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from tachograph_openai.entry import OpenAIInstrumentor

__all__ = ["OpenAIInstrumentor", "instrument", "uninstrument"]
