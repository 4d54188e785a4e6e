"""Loads the engine of this process: hyperscan with the kept triggers, or a slower one until they are compiled."""

from __future__ import annotations

import _thread
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tachograph.redaction.scan import trigger_cache
from tachograph.redaction.scan.engine import Engine, HyperscanEngine
from tachograph.redaction.trigger_groups import Group

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOK_S = 0.25
"""How long the slower engine is used before the loader looks again whether the triggers are compiled."""


class EngineLoader:
    """Loads the compiled triggers, or has them compiled while the program continues with the slower engine.

    Parameters
    ----------
    wait
        Whether the first use compiles instead, which takes a second or two.

    Attributes
    ----------
    waits
        Same as the `wait` parameter.
    """

    def __init__(self, *, wait: bool = False) -> None:
        self.waits = wait
        # A signal handler that records something may run in the middle of it.
        self._lock = threading.RLock()
        self._final: dict[bool, Engine] = {}
        self._meanwhile: dict[bool, Engine] = {}
        self._module: Any = None
        self._databases: Mapping[Group, Any] | None = None
        self._look_at = 0.0
        self._started = False

    def engine(self, *, optional: bool = False) -> tuple[Engine, bool]:
        """An engine, and whether it is final, so that the caller may keep it.

        Parameters
        ----------
        optional
            Whether it also looks for what is redacted on request only.
        """
        final = self._final.get(optional)
        if final is not None:
            return final, True
        meanwhile = self._meanwhile.get(optional)
        if meanwhile is not None and time.monotonic() < self._look_at:
            return meanwhile, False
        with self._lock:
            return self._load(optional=optional)

    def _load(self, *, optional: bool) -> tuple[Engine, bool]:
        if self._module is None:
            try:
                import hyperscan
            except ImportError:
                self._final[optional] = _slower(optional=optional)
                return self._final[optional], True
            self._module = hyperscan
        if self._databases is None:
            self._databases = self._kept()
        if self._databases is None and self.waits:
            from tachograph.redaction.scan.compile_job import compiled_and_kept

            self._databases = compiled_and_kept()
        if self._databases is not None:
            self._final[optional] = HyperscanEngine(self._databases, self._module, optional=optional)
            self._meanwhile.clear()
            return self._final[optional], True
        if not self._started:
            self._started = True
            self._start()
        self._look_at = time.monotonic() + _LOOK_S
        if optional not in self._meanwhile:
            self._meanwhile[optional] = _slower(optional=optional)
        return self._meanwhile[optional], False

    def _start(self) -> None:
        """Have the triggers compiled, in another process or, if that is impossible, in a thread."""
        from tachograph.redaction.scan import compile_job

        if not compile_job.start(self._module):
            # Not with `threading`: programs look which threads there are.
            with suppress(RuntimeError):
                _thread.start_new_thread(self._compile, ())

    def _kept(self) -> Mapping[Group, Any] | None:
        databases: dict[Group, Any] = {}
        for group in Group:
            database = trigger_cache.load(trigger_cache.path_for(group, self._module.__version__), self._read)
            if database is None:
                return None
            databases[group] = database
        return databases

    def _read(self, body: bytes) -> Any:
        return self._module.loadb(body, self._module.HS_MODE_BLOCK)

    def _compile(self) -> None:
        from tachograph.redaction.scan.compile_job import compiled_and_kept

        try:
            self._databases = compiled_and_kept()
        except Exception:
            # Whatever it was, the slower engine remains.
            return

    def renewed(self) -> EngineLoader:
        """The loader of a forked child: there, a lock held by another thread is never released, and no thread runs."""
        if not self._final:
            return EngineLoader(wait=self.waits)
        self._lock = threading.RLock()
        return self


def _slower(*, optional: bool) -> Engine:
    # Not imported at the start, when the kept triggers are loaded as a rule.
    from tachograph.redaction.scan.pattern_engine import PatternEngine

    return PatternEngine(optional=optional)


_loader = EngineLoader()


def engine(*, optional: bool = False) -> tuple[Engine, bool]:
    """An engine of this process, and whether it is final; see :meth:`EngineLoader.engine`."""
    return _loader.engine(optional=optional)


def wait() -> None:
    """Compile at the first use if nothing is kept: for tools, for which no recorded program waits."""
    global _loader
    if not _loader.waits:
        _loader = EngineLoader(wait=True)


def _renew() -> None:
    global _loader
    _loader = _loader.renewed()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
