"""Attribute names: each declared once, with its type and its sensitivity.

What is needed only to read the spans of other tools (`aliases`, `quirks`, `dialects`) is imported where it is used.
"""

from tachograph.semconv import genai, general, tacho
from tachograph.semconv._registry import REGISTRY, Attribute, Kind, Sensitivity, number_keys
from tachograph.semconv.content import body_without_content, is_content, without_content

__all__ = [
    "REGISTRY",
    "Attribute",
    "Kind",
    "Sensitivity",
    "body_without_content",
    "genai",
    "general",
    "is_content",
    "number_keys",
    "tacho",
    "without_content",
]
