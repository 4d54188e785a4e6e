"""The markers that replace secrets, and their tags."""

from __future__ import annotations

import hmac
import re
from functools import lru_cache

ERROR = "[REDACTED:error]"
"""Replaces a value that could not be redacted: it fails closed."""

IN_URL = b"REDACTED"
"""Replaces a secret inside a URL, because brackets would break URL parsers.

https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
"""

UNTAGGED = frozenset({"pin", "card-code"})
"""Kinds without a tag: whoever has the key could find them by trying all values."""

_BEGIN = b"[REDACTED:"
LONGEST = 60
"""No marker is longer, in bytes."""

WHOLE = re.compile(rb"\[REDACTED:[a-z0-9-]{1,40}(?::[0-9a-f]{6})?\]")
"""A marker."""


def marker(kind: str, secret: bytes, key: bytes | None) -> bytes:
    """The marker for a secret.

    Parameters
    ----------
    kind
        The kind of the secret, e.g. ``github-token``.
    secret
        The secret itself; equal ones get equal tags, so that they stay comparable.
    key
        The installation's key; None leaves the tag out, for what can be guessed from a tag by trying all values.
    """
    if key is None:
        return b"[REDACTED:%b]" % kind.encode()
    return b"[REDACTED:%b:%b]" % (kind.encode(), tag_of(secret, key).encode())


def marker_over(text: bytes, place: int) -> tuple[int, int] | None:
    """Where the marker begins and ends that a place is inside of; None if it is in no marker.

    Parameters
    ----------
    text
        The text.
    place
        Of a byte, or the end of the text.
    """
    low = max(0, place - LONGEST)
    begin = text.rfind(_BEGIN, low, place + len(_BEGIN) - 1)
    if begin < 0 or begin >= place or text.find(b"]", begin, place) >= 0:
        return None
    match = WHOLE.match(text, begin)
    return None if match is None else match.span()


def tag_of(secret: bytes, key: bytes) -> str:
    """Six hexadecimal digits that equal secrets share.

    Parameters
    ----------
    secret
        The secret.
    key
        The installation's key.
    """
    digest = _keyed(key).copy()
    digest.update(secret)
    return digest.hexdigest()[:6]


@lru_cache(8)
def _keyed(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")
