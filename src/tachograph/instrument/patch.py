"""The ledger of what was patched, so that it can be undone without disturbing what other tools did meanwhile."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST = 50

_lock = threading.RLock()


class Patch:
    """One function of a class or module that was replaced.

    Attributes
    ----------
    on
        Whether the replacement acts. One that is not on has to pass the call on to the original as it came: it is
        found in this state beneath the wrapper of another tool, from which it cannot be removed.
    """

    __slots__ = ("make_wrapper", "on", "original", "ours")

    def __init__(self, original: Any, make_wrapper: Callable[[Any, Patch], Any]) -> None:
        self.on = True
        self.original = original
        self.make_wrapper = make_wrapper
        self.ours = make_wrapper(original, self)
        functools.update_wrapper(self.ours, original)


_ledger: dict[tuple[object, str], Patch] = {}


def patch(owner: Any, name: str, make_wrapper: Callable[[Any, Patch], Any]) -> Patch | None:
    """Replace a function, once however often this is called.

    Parameters
    ----------
    owner
        The class or module whose own attribute is replaced.
    name
        The name of the function.
    make_wrapper
        Makes the replacement from the original function and its :class:`Patch`. Name, documentation, signature and
        ``__wrapped__`` are copied onto it.

    Returns
    -------
    Patch or None
        The entry of the ledger, None if the owner itself does not define such an attribute.
    """
    with _lock:
        current = _own(owner, name)
        if current is None:
            return None
        entry = _ledger.get((owner, name))
        if entry is not None:
            if current is entry.original and not entry.on and entry.make_wrapper == make_wrapper:
                # Another tool may have taken ours for the original in the meantime, as one does that wraps a method of
                # a subclass: the same one goes back in, or what that tool calls would stay a pass-through for good.
                entry.on = True
                setattr(owner, name, entry.ours)
                return entry
            if _lies_under(current, entry.ours) or (entry.on and current is not entry.original):
                entry.on = True
                return entry
            # It was removed, or is beneath a wrapper that hides it and stays a pass-through.
            entry.on = False
        entry = Patch(current, make_wrapper)
        _ledger[(owner, name)] = entry
        setattr(owner, name, entry.ours)
        return entry


def unpatch(owner: Any, name: str) -> None:
    """Undo :func:`patch`: put the original back, or pass calls on if another tool has wrapped ours since."""
    with _lock:
        entry = _ledger.get((owner, name))
        if entry is None:
            return
        entry.on = False
        if _own(owner, name) is entry.ours:
            setattr(owner, name, entry.original)


def _own(owner: Any, name: str) -> Any:
    return owner.__dict__.get(name)


def _lies_under(outer: Any, ours: Any) -> bool:
    for _ in range(_DEEPEST):
        if outer is ours:
            return True
        outer = getattr(outer, "__wrapped__", None)
        if outer is None:
            return False
    return False
