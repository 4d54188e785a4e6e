"""Which attributes hold content, whoever wrote them: what people or models wrote, subject to each sink's policy."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from tachograph.semconv._registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTENT_EVENTS = ("gen_ai.",)
_EVENT_NAME = "event.name"
"""The attribute in which older instrumentations put the name of an event."""
_known: dict[str, bool] = {}
_MOST_KNOWN = 10_000


def is_content(name: str) -> bool:
    """Whether an attribute holds content.

    Parameters
    ----------
    name
        Its key.
    """
    known = _known.get(name)
    if known is None:
        declared = REGISTRY.get(name)
        known = (declared is not None and declared.sensitivity == "content") or _is_foreign_content(name)
        if len(_known) < _MOST_KNOWN:
            _known[name] = known
    return known


def _is_foreign_content(name: str) -> bool:
    names, prefixes = _foreign_names()
    return name in names or name.startswith(prefixes)


@cache
def _foreign_names() -> tuple[frozenset[str], tuple[str, ...]]:
    # Not at the start of a recorded process, which keeps content in most cases.
    from tachograph.semconv.dialects.table import DIALECTS

    names = frozenset(name for dialect in DIALECTS for name in dialect.content_names)
    return names, tuple(prefix for dialect in DIALECTS for prefix in dialect.content)


def without_content(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes without those that hold content.

    Parameters
    ----------
    attributes
        Attributes of a span, of an event of it or of a log record.
    """
    return {name: value for name, value in attributes.items() if not is_content(name)}


def body_without_content(event_name: object, attributes: Mapping[str, Any], body: object) -> object:
    """The body of a log record without content; None if all of it is content.

    Events of the GenAI conventions, current and older ones, hold prompts and answers in their bodies. From any other
    body that is a map, the members that hold content are left out.

    Parameters
    ----------
    event_name
        The name of the event; None if the record has none.
    attributes
        The attributes of the record.
    body
        Its body.
    """
    name = event_name or attributes.get(_EVENT_NAME)
    if isinstance(name, str) and name.startswith(_CONTENT_EVENTS):
        return None
    if isinstance(body, dict):
        return without_content(cast("dict[str, Any]", body))
    return body
