"""Older and foreign names of attributes: reads the spans of other tools in the words of the conventions.

The newest names are written. On reading, an attribute that is missing under its name is looked up under the names of
:mod:`tachograph.semconv.dialects`, in the order of its table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv import genai
from tachograph.semconv.dialects.table import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tachograph.semconv.dialects.dialect import Usage


def _names_by_attribute() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for dialect in DIALECTS:
        for attribute, others in dialect.aliases.items():
            names[attribute] = (*names.get(attribute, ()), *others)
    return names


ALIASES: Mapping[str, tuple[str, ...]] = _names_by_attribute()
"""The other names of each attribute, in the order in which they are looked up."""

OPERATIONS: Mapping[str, Mapping[str, str]] = {
    name: words for dialect in DIALECTS for name, words in dialect.operations.items()
}
"""Attributes that name the kind of operation in other words; a word that is not listed is not a model call."""

USAGE: Mapping[str, Usage] = {name: read for dialect in DIALECTS for name, read in dialect.usage.items()}
"""Attributes that hold token counts as JSON, and what reads them."""

_OPERATION_WORDS = {word: name for dialect in DIALECTS for word, name in dialect.operation_words.items()}
_LONGEST_USAGE = 10_000


def read(attributes: Mapping[str, object], name: str) -> object | None:
    """The value of an attribute under its name or, failing that, under the first other name that is present."""
    if name in attributes:
        return attributes[name]
    for alias in ALIASES.get(name, ()):
        if alias in attributes:
            return attributes[alias]
    return None


def operation(attributes: Mapping[str, object]) -> str | None:
    """The operation of a span in the words of the conventions, None if nothing names one."""
    value = read(attributes, genai.OPERATION_NAME)
    if isinstance(value, str):
        return _OPERATION_WORDS.get(value, value)
    for name, words in OPERATIONS.items():
        value = attributes.get(name)
        if isinstance(value, str):
            return words.get(value)
    return None


def model_operation(attributes: Mapping[str, object]) -> str | None:
    """The operation of a span that calls a model, None for any other span.

    A span that does not name its operation is taken for a chat if it names a model and counts its tokens.
    """
    named = operation(attributes)
    if named is None and genai.REQUEST_MODEL in attributes and genai.USAGE_INPUT_TOKENS in attributes:
        return genai.OPERATION_CHAT
    return named if named in genai.MODEL_OPERATIONS else None


def is_stream(attributes: Mapping[str, object]) -> bool:
    """Whether the answer was asked for as a stream, as far as the span shows."""
    return read(attributes, genai.REQUEST_STREAM) is True


def usage_table(attributes: Mapping[str, object]) -> dict[str, int]:
    """The token counts that an attribute of a span holds as JSON, by the names of the conventions; empty without one.

    Parameters
    ----------
    attributes
        The attributes of a span.
    """
    for name, counts_of in USAGE.items():
        text = attributes.get(name)
        if isinstance(text, str) and len(text) < _LONGEST_USAGE:
            try:
                loaded: object = json.loads(text)
            except ValueError:
                continue
            if isinstance(loaded, dict):
                return counts_of(cast("dict[str, Any]", loaded))
    return {}
