"""Records the calls of the OpenAI client: chats, responses, embeddings, text completions; releases 1 to 3."""

from tachograph_openai.instrumentor import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
