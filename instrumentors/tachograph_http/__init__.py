"""Records the HTTP requests of calls of models, each attempt of them; and other HTTP requests if that is wanted."""

from tachograph_http.instrumentor import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
