"""Records the HTTP requests of calls of models, each attempt of them; and other HTTP requests where that is wanted."""

from typing import TYPE_CHECKING

from tachograph_http.instrumentor import __getattr__ as __getattr__
from tachograph_http.instrumentor import instrument, uninstrument

if TYPE_CHECKING:
    from tachograph_http.entry import HTTPInstrumentor

__all__ = ["HTTPInstrumentor", "instrument", "uninstrument"]
