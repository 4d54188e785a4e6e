"""The registry of attribute keys: each is declared once."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["string", "string[]", "int", "double", "boolean", "map", "any"]
Sensitivity = Literal["plain", "text", "content"]


class Attribute(NamedTuple):
    """One declared attribute key.

    Parameters
    ----------
    name
        The key as it is written, e.g. ``gen_ai.request.model``.
    kind
        The type of its value in the terms of the OpenTelemetry registry.
    sensitivity
        ``plain``: numbers, booleans and closed enumerations, which hold no data of the program.
        ``text``: strings that a program or a person may have chosen, always redacted.
        ``content``: what people or models wrote, redacted and subject to the content policy of each sink.
    brief
        One line for the generated table.
    family
        The group it belongs to, which is the module that declares it.
    """

    name: str
    kind: Kind
    sensitivity: Sensitivity
    brief: str
    family: str


REGISTRY: dict[str, Attribute] = {}
"""Every declared attribute by name."""


class Family:
    """The attribute keys of one subject; a module calls it to declare each."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, name: str, kind: Kind, sensitivity: Sensitivity, brief: str) -> str:
        """Declare a key and return it.

        Raises
        ------
        ValueError
            When the key is declared already: a name has one type and one sensitivity.
        """
        if name in REGISTRY:
            message = f"{name} is declared twice, by {REGISTRY[name].family} and {self.name}"
            raise ValueError(message)
        REGISTRY[name] = Attribute(name, kind, sensitivity, brief, self.name)
        return name


def number_keys() -> frozenset[str]:
    """Declared keys whose values are numbers or booleans; such values carry nothing to redact."""
    return frozenset(name for name, attribute in REGISTRY.items() if attribute.kind in {"int", "double", "boolean"})
