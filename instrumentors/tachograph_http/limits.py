"""The headers of an answer that say what is left of the rate limits, as one line.

Twenty headers and more come with each answer, and with every answer of a provider in the same order: which of them are
wanted is found once a sequence of names, and after that they are picked and put together without a look at each.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    # Picks the values that are wanted, and what they are written into.
    Shape = tuple[Callable[[tuple[bytes, ...]], Any], bytes]

_PREFIXES = (b"x-ratelimit-", b"anthropic-ratelimit-")
_MOST_SHAPES = 64

_shapes: dict[tuple[bytes, ...], Shape | None] = {}


def rate_limits(headers: Any) -> str | None:
    """The rate limits of an answer, e.g. ``limit-requests: 60, remaining-requests: 59``, None where it names none.

    Parameters
    ----------
    headers
        The headers as the HTTP library holds them.
    """
    # Its list of (name, name in lower case, value); the public ways to the headers make a new one on each call.
    held = headers._list
    if not held:
        return None
    _, names, values = zip(*held, strict=True)
    try:
        shape = _shapes[names]
    except KeyError:
        shape = _learn(names)
    if shape is None:
        return None
    return (shape[1] % shape[0](values)).decode("latin-1")


def _learn(names: tuple[bytes, ...]) -> Shape | None:
    places: list[int] = []
    labels: list[bytes] = []
    for place, name in enumerate(names):
        for prefix in _PREFIXES:
            if name.startswith(prefix):
                places.append(place)
                labels.append(name.removeprefix(prefix).replace(b"%", b"%%") + b": %b")
    shape = (itemgetter(*places), b", ".join(labels)) if places else None
    if len(_shapes) >= _MOST_SHAPES:
        # A server that makes names up.
        _shapes.clear()
    _shapes[names] = shape
    return shape
