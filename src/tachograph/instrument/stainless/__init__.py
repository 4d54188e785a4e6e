"""The parts of an instrumentor for clients that Stainless generates, as those of OpenAI and Anthropic are."""

__all__: list[str] = []
