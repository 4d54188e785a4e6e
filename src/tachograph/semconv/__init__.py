"""Attribute names: each declared once, with its type and its sensitivity."""

from tachograph.semconv import aliases, genai, general, tachograph
from tachograph.semconv._registry import REGISTRY, Attribute, Kind, Sensitivity, number_keys
from tachograph.semconv.content import is_content

__all__ = [
    "REGISTRY",
    "Attribute",
    "Kind",
    "Sensitivity",
    "aliases",
    "genai",
    "general",
    "is_content",
    "number_keys",
    "tachograph",
]
