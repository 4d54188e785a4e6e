"""Which interpreter of the process this is."""

from __future__ import annotations

import importlib
from typing import Any


def is_main() -> bool:
    """Whether this is the main interpreter.

    Nothing is recorded in others (:pep:`554`, mod_wsgi): extension modules that recording needs, such as `orjson`, are
    made for one interpreter and damage the memory of a process that loads them in several.
    """
    import _thread

    # Since Python 3.12.
    is_main_interpreter: Any = getattr(_thread, "_is_main_interpreter", None)
    if is_main_interpreter is not None:
        return bool(is_main_interpreter())
    try:
        interpreters: Any = importlib.import_module("_xxsubinterpreters")
    except ImportError:
        return True
    return bool(interpreters.get_current() == interpreters.get_main())
