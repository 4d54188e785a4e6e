"""Puts the patches in and takes them out, of each module once the program has imported it.

If there is a choice, the function is patched that keeps the errors of the work, or one further out, so that their
tracebacks have no line of Tachograph.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tachograph.instrument.imports import forget, when_imported
from tachograph.instrument.patch import patch, unpatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    Patches = list[tuple[Any, str, Callable[[Any, Any], Any]]]


def instrument() -> None:
    """Hand the current context on from here on. More than once is once."""
    for name in _PATCHES:
        when_imported(name, _apply)
    from tachograph_executors.process_start import enter_late

    enter_late()


def uninstrument() -> None:
    """Hand nothing on any more; what was patched is put back."""
    for name, patches in _PATCHES.items():
        forget(name, _apply)
        module = sys.modules.get(name)
        for owner, attribute, _ in () if module is None else patches(module):
            if owner is not None:
                unpatch(owner, attribute)


def _apply(module: ModuleType) -> None:
    for owner, attribute, make_wrapper in _PATCHES[module.__name__](module):
        # What is private may be gone in another Python: then there is nothing to patch.
        if owner is not None:
            patch(owner, attribute, make_wrapper)


def _threads(module: Any) -> Patches:
    from tachograph_executors import thread_start

    return [
        (module.Thread, "start", thread_start.start),
        (module.Thread, "_bootstrap_inner", thread_start.run),
    ]


def _thread_pools(module: Any) -> Patches:
    from tachograph_executors import thread_start

    item = getattr(module, "_WorkItem", None)
    return [(item, "__init__", thread_start.submit), (item, "run", thread_start.run)]


def _processes(module: Any) -> Patches:
    from tachograph_executors import process_start

    return [
        (module.BaseProcess, "start", process_start.start),
        (module.BaseProcess, "_bootstrap", process_start.bootstrap),
    ]


def _children(module: Any) -> Patches:
    from tachograph_executors import child_ends

    return [(module.Popen, "poll", child_ends.poll)]


def _process_pools(module: Any) -> Patches:
    from tachograph_executors import executor_submit

    item = getattr(module, "_CallItem", None)
    if item is not None and not hasattr(item, "__setstate__"):
        item.__setstate__ = executor_submit.take_state
    return [
        (getattr(module, "_WorkItem", None), "__init__", executor_submit.submit),
        (item, "__setstate__", executor_submit.receive),
        (module, "_sendback_result", executor_submit.send_back),
    ]


def _pools(module: Any) -> Patches:
    from tachograph_executors import executor_submit

    return [
        (module.Pool, "apply_async", executor_submit.apply),
        (module.Pool, "_guarded_task_generation", executor_submit.tasks),
        (module, "worker", executor_submit.worker),
    ]


_PATCHES: dict[str, Callable[[Any], Patches]] = {
    "threading": _threads,
    "concurrent.futures.thread": _thread_pools,
    "multiprocessing.process": _processes,
    "multiprocessing.popen_fork": _children,
    "multiprocessing.popen_forkserver": _children,
    "billiard.popen_fork": _children,
    "concurrent.futures.process": _process_pools,
    "multiprocessing.pool": _pools,
}
