"""The page of attribute names."""

from __future__ import annotations

from pages.markdown import code, heading, table
from tachograph.semconv import REGISTRY, aliases
from tachograph.semconv.dialects.table import DIALECTS

_INTRODUCTION = """\
Every attribute key that Tachograph writes or reads. The names are those of the OpenTelemetry semantic conventions if
there is one, and ours under `tachograph.` if there is none.

The sensitivity says what happens to a value on its way out of the program:

- **plain**: numbers, booleans and closed lists of words, which hold no text of the program.
- **text**: strings that a program or a person may have chosen; always redacted.
- **content**: text that people or models wrote; redacted, kept in the local journal unless content is switched off.

Attributes that are not in this list (a program may set any) are handled as text."""

_OLDER = """\
## Older and foreign names

When an attribute is missing, it is read from these names, in this order. They are never written.
"""

_OWN_WORDS = """\
If a span does not name its operation, it is also read from these; any other word is not a model call.
"""
_ACCOUNTS = """\
Token counts without a separate attribute are read from {}, which hold them as JSON.
"""


def page() -> str:
    """The text of docs/attributes.md."""
    families: dict[str, list[tuple[str, str, str, str]]] = {}
    for attribute in REGISTRY.values():
        row = (code(attribute.name), attribute.kind, attribute.sensitivity, attribute.brief)
        families.setdefault(attribute.family, []).append(row)
    sections = [
        f"## {family}\n\n{table(('name', 'type', 'sensitivity', 'meaning'), rows)}" for family, rows in families.items()
    ]
    older = table(
        ("name", "also read from"),
        ((code(name), ", ".join(map(code, aliases.ALIASES[name]))) for name in REGISTRY if name in aliases.ALIASES),
    )
    words = table(
        ("tool", "attribute", "its word", "operation"),
        (
            (dialect.tool, code(name), code(word), code(operation))
            for dialect in DIALECTS
            for name, operations in dialect.operations.items()
            for word, operation in operations.items()
        ),
    )
    own = f"{_OWN_WORDS}\n{words}\n{_ACCOUNTS.format(' and '.join(code(name) for name in aliases.USAGE))}"
    return "\n".join([heading("Attributes", "tachograph.semconv", _INTRODUCTION), *sections, f"{_OLDER}\n{older}", own])
