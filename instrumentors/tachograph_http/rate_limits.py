"""The headers of an answer that report the rate limits, as one line.

Twenty headers and more come with each answer, and with every answer of a provider in the same order. The positions
of the wanted ones are looked up once. As long as there are as many headers, with the wanted ones and the last at their
positions, they are picked without a look at the others, which saves most of the cost. A rate-limit header that a server
newly sends in place of an unrelated one, with all else unchanged, would be missed.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # One header: its name, its name in lower case, its value.
    Header = tuple[bytes, bytes, bytes]
    # Picks the headers that are wanted, their names, the name of the last of all, and what the values are written into.
    Shape = tuple[Callable[[Sequence[Header]], Sequence[Header]], tuple[bytes, ...], bytes, bytes]

_PREFIXES = (b"x-ratelimit-", b"anthropic-ratelimit-")
_MOST_SHAPES = 64

_shapes: dict[int, Shape] = {}


def rate_limits(headers: Any) -> str | None:
    """The rate limits of an answer, e.g. ``limit-requests: 60, remaining-requests: 59``, None if it names none.

    Parameters
    ----------
    headers
        The headers as the HTTP library holds them.
    """
    # Its list; the public ways to the headers make a new one on each call.
    listed: list[Header] = headers._list
    shape = _shapes.get(len(listed))
    if shape is not None:
        pick, wanted, last, text = shape
        _, names, values = zip(*pick(listed), strict=True)
        if names == wanted and listed[-1][1] == last:
            return (text % values).decode("latin-1")
    return _learn(listed)


def _learn(headers: Sequence[Header]) -> str | None:
    places: list[int] = []
    labels: list[bytes] = []
    for place, (_, name, _) in enumerate(headers):
        if name.startswith(_PREFIXES):
            places.append(place)
            labels.append(name.partition(b"ratelimit-")[2].replace(b"%", b"%%") + b": %b")
    if not places:
        return None
    picked = [headers[place] for place in places]
    # A slice if there is only one, so that the result is a sequence as well.
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    text = b", ".join(labels)
    if len(_shapes) >= _MOST_SHAPES:
        # A server that makes headers up.
        _shapes.clear()
    _shapes[len(headers)] = (pick, tuple(name for _, name, _ in picked), headers[-1][1], text)
    return (text % tuple(value for _, _, value in picked)).decode("latin-1")
