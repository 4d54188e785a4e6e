"""A flight recorder for LLM programs."""
