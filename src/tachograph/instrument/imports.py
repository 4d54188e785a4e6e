"""Calls back when a module is imported, without importing it.

It costs a dictionary look-up per import and imports nothing itself. The start-up hook
(`tachograph.distro.hook._tachograph_hook`) has a finder and a loader of the same kind: it runs in every Python process
of a run, and may import nothing of Tachograph before there is something to record.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from tachograph.instrument.tracebacks import drop_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Callback = Callable[[ModuleType], object]

_lock = threading.RLock()
_waiting: dict[str, list[Callback]] = {}


def when_imported(name: str, callback: Callback) -> None:
    """Call back with a module each time it is executed, and now if it is imported already.

    Parameters
    ----------
    name
        The full name of the module, e.g. ``openai._base_client``.
    callback
        Takes the module, after its code has run. It is called in the thread that imports, which holds the lock of the
        module; what it raises is logged and does not reach the import. Registered twice, it is called once.
    """
    with _lock:
        callbacks = _waiting.setdefault(name, [])
        if callback in callbacks:
            return
        callbacks.append(callback)
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
    module = sys.modules.get(name)
    if module is not None:
        spec: Any = getattr(module, "__spec__", None)
        if getattr(spec, "_initializing", False):
            module = _when_ready(name)
        if module is not None:
            _call(callback, module)


def forget(name: str, callback: Callback) -> None:
    """Call back no more; does nothing if the callback is not registered."""
    with _lock:
        callbacks = _waiting.get(name, [])
        if callback in callbacks:
            callbacks.remove(callback)
        if not callbacks:
            _waiting.pop(name, None)
        if not _waiting and _finder in sys.meta_path:
            sys.meta_path.remove(_finder)


def _when_ready(name: str) -> ModuleType | None:
    """A module another thread is importing, once it is done."""
    import importlib

    try:
        return importlib.import_module(name)
    except Exception:  # it failed in the other thread, which gets the error
        return None


def _call(callback: Callback, module: ModuleType) -> None:
    try:
        callback(module)
    except Exception:
        import logging

        logging.getLogger("tachograph").warning(
            "tachograph: %s is imported but could not be instrumented", module.__name__, exc_info=True
        )


def _executed(module: ModuleType, name: str) -> None:
    with _lock:
        callbacks = list(_waiting.get(name, ()))
    for callback in callbacks:
        _call(callback, module)


class _Finder:
    """The first finder on the import path: for the modules that are waited for, it asks all others."""

    def __init__(self) -> None:
        self._looking = threading.local()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if name not in _waiting:
            return None
        # Other finders of this kind ask all finders in their turn, us among them.
        looking: set[str] = self._looking.__dict__.setdefault("names", set())
        if name in looking:
            return None
        looking.add(name)
        try:
            for finder in list(sys.meta_path):
                find: Any = None if finder is self else getattr(finder, "find_spec", None)
                spec: ModuleSpec | None = None if find is None else find(name, path, target)
                if spec is not None:
                    if hasattr(spec.loader, "exec_module"):
                        spec.loader = _Loader(spec.loader)  # pyright: ignore[reportAttributeAccessIssue] - acts as one
                    return spec
        finally:
            looking.discard(name)
        return None


class _Loader:
    """Wraps a module's loader and calls back after execution. The module itself sees the original loader."""

    __slots__ = ("__weakref__", "_tachograph_instead", "_tachograph_loader")
    _tachograph_loader: Any

    def __init__(self, loader: Any) -> None:
        object.__setattr__(self, "_tachograph_loader", loader)

    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - only ever read
        """The class of the loader, so that `isinstance` sees what it would without us."""
        return self._tachograph_loader.__class__

    @property
    def __dict__(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride] - only ever read
        """The attributes of the loader, which compares them with those of another."""
        return self._tachograph_loader.__dict__

    @property
    def exec_module(self) -> Any:
        """See `importlib.abc.Loader`. Import hooks put a function around it in its place."""
        return getattr(self, "_tachograph_instead", self._tachograph_execute)

    def _tachograph_execute(self, module: ModuleType) -> None:
        """Execute a module, which sees its own loader only."""
        loader = self._tachograph_loader
        ours: Any = self
        if module.__loader__ is ours:
            module.__loader__ = loader
        spec = module.__spec__
        if spec is not None and spec.loader is ours:
            spec.loader = loader
        try:
            loader.exec_module(module)
        except BaseException as error:
            # Without this frame, which would also keep the frames of `importlib` around it in the traceback.
            drop_frame(error)
            raise
        _executed(module, module.__name__ if spec is None else spec.name)

    def __getattr__(self, name: str) -> Any:
        # A copy that is being made has no loader yet.
        if name.startswith("_tachograph_"):
            raise AttributeError(name)
        return getattr(self._tachograph_loader, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "exec_module":
            object.__setattr__(self, "_tachograph_instead", value)
        else:
            setattr(self._tachograph_loader, name, value)

    def __delattr__(self, name: str) -> None:
        if name == "exec_module":
            object.__delattr__(self, "_tachograph_instead")
        else:
            delattr(self._tachograph_loader, name)

    def __eq__(self, other: object) -> bool:
        return self._tachograph_loader == other

    def __hash__(self) -> int:
        return hash(self._tachograph_loader)

    def __repr__(self) -> str:
        return repr(self._tachograph_loader)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """A copy or a pickle is of the loader itself."""
        return self._tachograph_loader.__reduce_ex__(protocol)


_finder: Any = _Finder()
