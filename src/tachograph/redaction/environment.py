"""Secrets known by their value: those of the environment and the keys of clients."""

from __future__ import annotations

import json
import os
import re
import threading
from typing import TYPE_CHECKING

from tachograph.redaction.words.name_strength import secret_name
from tachograph.redaction.words.secret_words import Strength

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST = 8
_MOST_PASSING = 128
_PLAIN = re.compile(rb"[/~.][\w./~-]*\Z|[A-Za-z]:\\|[a-z]+\Z|https?://[^@\s]*\Z")
_NUMBER = re.compile(rb"[0-9.,:_-]+\Z")
_OURS = "TACHOGRAPH_"
_HARMLESS = frozenset({"SSH_AUTH_SOCK", "GPG_AGENT_INFO", "XAUTHORITY"})


def secret_values(environ: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Name and value of each variable that by its name holds a secret, the longest value first.

    Values below eight characters, paths and single words in small letters are left out, because they would match
    everywhere. So are numbers, unless the name says `password` or similar.
    """
    names: dict[bytes, str] = {}
    for name, value in environ.items():
        if len(value) < _SHORTEST or name in _HARMLESS or name.startswith(_OURS):
            continue
        strength = secret_name(name.encode("utf-8", "replace"))
        if strength is Strength.NONE:
            continue
        body = value.encode("utf-8", "surrogateescape")
        if _is_secret(body, strength):
            names.setdefault(body, name)
    return sorted(((name, body) for body, name in names.items()), key=lambda item: -len(item[1]))


def _is_secret(value: bytes, strength: Strength) -> bool:
    # Expressions are compiled when there is a value to judge.
    from tachograph.redaction.words.placeholder import is_placeholder

    if _PLAIN.match(value) is not None or (strength < Strength.FIRM and _NUMBER.match(value) is not None):
        return False
    if strength is Strength.FAINT:
        from tachograph.redaction.words.looks import looks_drawn

        return looks_drawn(value, uuid=True)
    return not is_placeholder(value, quoted=True)


def is_worth_knowing(value: bytes) -> bool:
    """Whether a known secret can be searched for: it is long enough, and neither a placeholder nor words."""
    from tachograph.redaction.words.looks import looks_like_words
    from tachograph.redaction.words.placeholder import is_placeholder

    return len(value) >= _SHORTEST and not is_placeholder(value, quoted=True) and not looks_like_words(value)


_adding = threading.RLock()


def adding() -> threading.RLock:
    """The lock to hold while secrets are added and what depends on them is rebuilt."""
    return _adding


def _renew() -> None:
    # Another thread of the parent may have held it.
    global _adding
    _adding = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


class Known:
    """Secrets known by their value. Whoever adds one holds :func:`adding`.

    Attributes
    ----------
    forms
        The kind of each, by every form it may be written in, the longest first.
    """

    __slots__ = ("_lasting", "_passing", "forms")

    def __init__(self) -> None:
        self.forms: dict[bytes, str] = {}
        self._lasting: dict[bytes, str] = {}
        self._passing: dict[bytes, dict[bytes, str]] = {}

    def add(self, secret: bytes, kind: str, *, passing: bool = False) -> bool:
        """Redact a value in every text from here on.

        Parameters
        ----------
        secret
            The value.
        kind
            Its kind in markers, unless it is known under another one.
        passing
            Whether there may be any number of them, such as the keys of clients in a server: only the latest are kept,
            because each text is searched for each of them.

        Returns
        -------
        bool
            Whether it was not known before.
        """
        if secret in self._passing:
            written = self._passing.pop(secret)
            if passing:
                # The most recently used one is forgotten last.
                self._passing[secret] = written
                return False
        elif secret in self.forms:
            return False
        else:
            written = dict.fromkeys(written_forms(secret), kind)
        if passing:
            if len(self._passing) >= _MOST_PASSING:
                del self._passing[next(iter(self._passing))]
            self._passing[secret] = written
        else:
            self._lasting = {**written, **self._lasting}
        forms: dict[bytes, str] = {}
        for one in self._passing.values():
            forms.update(one)
        forms.update(self._lasting)
        self.forms = dict(sorted(forms.items(), key=lambda form: -len(form[0])))
        return True


def written_forms(value: bytes) -> list[bytes]:
    """A value as it is written in a text, and in JSON within a text, up to two levels deep."""
    forms = {value: None}
    for _ in range(2):
        for form in list(forms):
            text = form.decode("utf-8", "replace")
            for ascii_only in (False, True):
                forms.setdefault(json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace"))
    return sorted(forms, key=len, reverse=True)
