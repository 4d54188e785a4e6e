"""Makes what looks for secrets fail, in a process that has this file as its `sitecustomize`.

`FAIL_EVERY` says how often: 1 always, 2 every other time and so on.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

ENGINE = "tachograph.redaction.scan.engine_loader"


class Engine:
    """The engine there is, with failures in between."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._calls = count(1)
        self._every = int(os.environ["FAIL_EVERY"])

    def hit(self, body: bytes) -> bool:
        """See the engine."""
        self._fail()
        return self._real()[0].hit(body)

    def find(self, body: bytes) -> Any:
        """See the engine."""
        self._fail()
        return self._real()[0].find(body)

    def _fail(self) -> None:
        if next(self._calls) % self._every == 0:
            raise MemoryError


class Finder:
    """Finds the module of the engine as others do, and puts ours in when it is executed."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        spec = PathFinder.find_spec(name, path, target) if name == ENGINE else None
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module

            def exec_module(module: Any) -> None:
                execute(module)
                failing = Engine(module.engine)

                def engine(**_: Any) -> tuple[Engine, bool]:
                    return failing, False

                module.engine = engine

            loader.exec_module = exec_module
        return spec


finder: Any = Finder()
sys.meta_path.insert(0, finder)
