"""Which plug-ins record which library, and which record with any."""

from __future__ import annotations

TARGETS = {
    "openai": ("tachograph_openai", "tachograph_http"),
    "anthropic": ("tachograph_anthropic", "tachograph_http"),
}
"""The module a program imports, to the packages whose ``instrument()`` records it; by name, for the core imports no
plug-in."""

ALWAYS = ("tachograph_executors", "tachograph_logging")
"""The plug-ins for what comes with Python; in once recording is up."""

HTTP_TARGETS = {"httpx": ("tachograph_http",), "httpx2": ("tachograph_http",)}
"""The same for programs whose other HTTP requests are recorded; nothing is brought up for these alone otherwise."""
