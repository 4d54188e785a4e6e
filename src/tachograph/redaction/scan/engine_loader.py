"""The engines of this process."""

from __future__ import annotations

import _thread
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tachograph.redaction.scan import compile_job, trigger_cache
from tachograph.redaction.scan.engine import Engine, HyperscanEngine, PatternEngine
from tachograph.redaction.trigger_groups import Group

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOK_S = 0.25


class EngineLoader:
    """Loads what was compiled once, or has it compiled beside the program, which goes on with the slower engine.

    Parameters
    ----------
    wait
        Whether the first use compiles instead, which takes a second or two.

    Attributes
    ----------
    waits
        That.
    """

    def __init__(self, *, wait: bool = False) -> None:
        self.waits = wait
        # A signal handler that records something may run in the middle of it.
        self._lock = threading.RLock()
        self._made: dict[bool, Engine] = {}
        self._meanwhile: dict[bool, Engine] = {}
        self._module: Any = None
        self._databases: Mapping[Group, Any] | None = None
        self._look_at = 0.0
        self._started = False

    def engine(self, *, optional: bool = False) -> tuple[Engine, bool]:
        """An engine, and whether it is the one to keep.

        Parameters
        ----------
        optional
            Whether it looks for what is looked for on request too.
        """
        made = self._made.get(optional)
        if made is not None:
            return made, True
        meanwhile = self._meanwhile.get(optional)
        if meanwhile is not None and time.monotonic() < self._look_at:
            return meanwhile, False
        with self._lock:
            return self._make(optional=optional)

    def _make(self, *, optional: bool) -> tuple[Engine, bool]:
        if self._module is None:
            try:
                import hyperscan
            except ImportError:
                self._made[optional] = PatternEngine(optional=optional)
                return self._made[optional], True
            self._module = hyperscan
        if self._databases is None:
            self._databases = self._kept()
        if self._databases is None and self.waits:
            self._databases = compile_job.compiled_and_kept()
        if self._databases is not None:
            self._made[optional] = HyperscanEngine(self._databases, self._module, optional=optional)
            self._meanwhile.clear()
            return self._made[optional], True
        if not self._started:
            self._started = True
            if not compile_job.start(self._module):
                # None of `threading`: programs look which threads there are.
                with suppress(RuntimeError):
                    _thread.start_new_thread(self._compile, ())
        self._look_at = time.monotonic() + _LOOK_S
        if optional not in self._meanwhile:
            self._meanwhile[optional] = PatternEngine(optional=optional)
        return self._meanwhile[optional], False

    def _kept(self) -> Mapping[Group, Any] | None:
        found: dict[Group, Any] = {}
        for group in Group:
            database = trigger_cache.load(compile_job.path_of(group, self._module), self._read)
            if database is None:
                return None
            found[group] = database
        return found

    def _read(self, body: bytes) -> Any:
        return self._module.loadb(body, self._module.HS_MODE_BLOCK)

    def _compile(self) -> None:
        try:
            self._databases = compile_job.compiled_and_kept()
        except Exception:
            # Whatever it was, the slower engine goes on.
            return

    def renewed(self) -> EngineLoader:
        """What a forked child goes on with: a lock that was held stays so there, and a thread is not running."""
        if not self._made:
            return EngineLoader(wait=self.waits)
        self._lock = threading.RLock()
        return self


_loader = EngineLoader()


def engine(*, optional: bool = False) -> tuple[Engine, bool]:
    """An engine of this process, and whether it is the one to keep; see :meth:`EngineLoader.engine`."""
    return _loader.engine(optional=optional)


def wait() -> None:
    """Compile at the first use where nothing is kept: for tools, which nobody's program waits for."""
    global _loader
    if not _loader.waits:
        _loader = EngineLoader(wait=True)


def _renew() -> None:
    global _loader
    _loader = _loader.renewed()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
