"""`ProcessPoolExecutor`, `multiprocessing.Pool` and `ThreadPool`: each task in the context it was submitted in.

A task that was submitted in no context runs in none: its worker may have been started within a span.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tachograph.instrument.tracebacks import drop_frame
from tachograph_executors.context_carrier import carried_by, carrying, enter, leave

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token

    from tachograph.instrument.patch import Patch

    Wrapper = Callable[..., Any]


def submit(original: Wrapper, patch: Patch) -> Wrapper:
    """`_WorkItem.__init__` of `ProcessPoolExecutor`, which `submit` calls."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if patch.on:
            self.kwargs = carrying(self.kwargs, to_thread=False)
        return result

    return wrapper


_entered: list[Token[Any] | None] = []
"""The context of the item this worker process is at; below it those of the workers it was forked from."""


def take_state(item: Any, state: dict[str, Any]) -> None:
    """What unpickling does if an object has no `__setstate__`; added so that it can be patched."""
    item.__dict__.update(state)


def receive(original: Wrapper, patch: Patch) -> Wrapper:
    """`_CallItem.__setstate__`: a worker of `ProcessPoolExecutor` calls the item as soon as it is unpickled.

    It is looked up after what is called has been unpickled, so that an item is seen even if there was nothing to
    record before.
    """

    def wrapper(self: Any, state: dict[str, Any]) -> None:
        original(self, state)
        if patch.on:
            _entered.append(enter(carried_by(state.get("kwargs"))))

    return wrapper


def send_back(original: Wrapper, patch: Patch) -> Wrapper:  # noqa: ARG001 - what was entered is left in any case
    """`_sendback_result`, which ends an item."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        finally:
            if _entered:
                leave(_entered.pop())

    return wrapper


def apply(original: Wrapper, patch: Patch) -> Wrapper:
    """`Pool.apply_async`."""

    def wrapper(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        if patch.on and len(args) > _KEYWORDS:
            keywords = carrying(args[_KEYWORDS], to_thread=_has_threads(self))
            args = (*args[:_KEYWORDS], keywords, *args[_KEYWORDS + 1 :])
        elif patch.on:
            kwargs["kwds"] = carrying(kwargs.get("kwds", {}), to_thread=_has_threads(self))
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            drop_frame(error)
            raise

    return wrapper


_KEYWORDS = 2
"""The position of the keyword arguments in the arguments of `apply_async`, after the function and the others."""


def tasks(original: Wrapper, patch: Patch) -> Wrapper:
    """`Pool._guarded_task_generation`, which all kinds of `map` call: a generator that another thread runs."""

    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        batches = original(self, *args, **kwargs)
        if not patch.on:
            return batches
        keywords = carrying({}, to_thread=_has_threads(self))
        return ((*task[:-1], task[-1] or keywords) for task in batches)

    return wrapper


def worker(original: Wrapper, patch: Patch) -> Wrapper:
    """`multiprocessing.pool.worker`, the loop of a worker."""

    def wrapper(inqueue: Any, *args: Any, **kwargs: Any) -> Any:
        if not patch.on:
            return original(inqueue, *args, **kwargs)
        watched = _Tasks(inqueue)
        try:
            return original(watched, *args, **kwargs)
        finally:
            watched.leave()

    return wrapper


class _Tasks:
    """A worker's queue of tasks; each is entered until the next is asked for."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self._token: Token[Any] | None = None

    def get(self) -> Any:
        self.leave()
        task: Any = self._queue.get()
        if task is not None:
            self._token = enter(carried_by(task[-1]))
        return task

    def leave(self) -> None:
        token, self._token = self._token, None
        leave(token)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)


def _has_threads(pool: Any) -> bool:
    return isinstance(pool, sys.modules["multiprocessing.pool"].ThreadPool)
