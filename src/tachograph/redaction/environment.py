"""The values of this process's environment that must not be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.rules.names import secret_name
from tachograph.redaction.rules.placeholder import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST = 8
_PLAIN = re.compile(rb"[/~.][\w./~-]*\Z|[A-Za-z]:\\|[0-9.,:_-]+\Z|[a-z]+(?:[-_ ][a-z]+)*\Z|https?://[^@\s]*\Z")
_OURS = "TACHOGRAPH_"
_HARMLESS = frozenset({"SSH_AUTH_SOCK", "GPG_AGENT_INFO", "XAUTHORITY"})


def secret_values(environ: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Name and value of each variable that by its name holds a secret, the longest value first.

    Values below eight characters, paths, numbers and common words are left out: they would be found everywhere.
    """
    found: dict[bytes, str] = {}
    for name, value in environ.items():
        if len(value) < _SHORTEST or name in _HARMLESS or name.startswith(_OURS):
            continue
        if secret_name(name.encode("utf-8", "replace")) is None:
            continue
        body = value.encode("utf-8", "surrogateescape")
        if _PLAIN.match(body) is None and not is_placeholder(body):
            found.setdefault(body, name)
    return sorted(((name, body) for body, name in found.items()), key=lambda item: -len(item[1]))
