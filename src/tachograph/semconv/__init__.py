"""Attribute names: each declared once, with its type and its sensitivity."""

from tachograph.semconv import accounts, aliases, genai, general, scopes, tacho
from tachograph.semconv._registry import REGISTRY, Attribute, Kind, Sensitivity, number_keys
from tachograph.semconv.content import body_without_content, is_content, without_content

__all__ = [
    "REGISTRY",
    "Attribute",
    "Kind",
    "Sensitivity",
    "accounts",
    "aliases",
    "body_without_content",
    "genai",
    "general",
    "is_content",
    "number_keys",
    "scopes",
    "tacho",
    "without_content",
]
