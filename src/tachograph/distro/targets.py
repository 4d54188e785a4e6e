"""Which plug-in records which library, and which records with any."""

from __future__ import annotations

TARGETS = {"openai": "tachograph_openai", "anthropic": "tachograph_anthropic"}
"""The module a program imports, to the package whose ``instrument()`` records it; by name, for the core imports no
plug-in."""

ALWAYS = ("tachograph_executors",)
"""The plug-ins for what comes with Python; in once recording is up."""
