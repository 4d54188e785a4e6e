"""The values of this process's environment that must not be seen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tachograph.redaction.rules.names import secret_name
from tachograph.redaction.rules.placeholder import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST = 8
_PLAIN = re.compile(rb"[/~.][\w./~-]*\Z|[A-Za-z]:\\|[a-z]+\Z|https?://[^@\s]*\Z")
_NUMBER = re.compile(rb"[0-9.,:_-]+\Z")
_OURS = "TACHOGRAPH_"
_HARMLESS = frozenset({"SSH_AUTH_SOCK", "GPG_AGENT_INFO", "XAUTHORITY"})


def secret_values(environ: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Name and value of each variable that by its name holds a secret, the longest value first.

    Values below eight characters, paths and single words in small letters are left out: they would be found everywhere.
    So are numbers, where the name does not say `password` or the like.
    """
    found: dict[bytes, str] = {}
    for name, value in environ.items():
        if len(value) < _SHORTEST or name in _HARMLESS or name.startswith(_OURS):
            continue
        strength = secret_name(name.encode("utf-8", "replace"))
        if strength is None:
            continue
        body = value.encode("utf-8", "surrogateescape")
        if _PLAIN.match(body) is not None or (strength != "strong" and _NUMBER.match(body) is not None):
            continue
        if not is_placeholder(body):
            found.setdefault(body, name)
    return sorted(((name, body) for body, name in found.items()), key=lambda item: -len(item[1]))


def written_forms(value: bytes) -> list[bytes]:
    """A value as it stands in a text, and as it stands in JSON within a text, up to two levels deep."""
    forms = {value: None}
    for _ in range(2):
        for form in list(forms):
            text = form.decode("utf-8", "replace")
            for ascii_only in (False, True):
                forms.setdefault(json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace"))
    return sorted(forms, key=len, reverse=True)
