"""Compiles the triggers, in a separate process, because it takes a second or two of a processor.

The process is detached and outlives the program that needed it. So the triggers are compiled once even if all programs
of an installation are short.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph import _xdg
from tachograph.redaction.scan import trigger_cache
from tachograph.redaction.scan.triggers import triggers
from tachograph.redaction.trigger_groups import Group

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE = """
import sys
sys.path[:0] = sys.argv[1:]
from tachograph.redaction.scan.compile_job import compiled_and_kept
compiled_and_kept()
"""
_LOCK_FILE = "compiling.lock"


def compiled_and_kept() -> Mapping[Group, Any]:
    """Compile the triggers of each group and keep them for the next process."""
    import hyperscan

    module: Any = hyperscan
    databases: dict[Group, Any] = {}
    for group in Group:
        numbers, expressions = zip(*triggers(group), strict=True)
        database = module.Database(mode=module.HS_MODE_BLOCK)
        database.compile(
            expressions=list(expressions), ids=list(numbers), elements=len(numbers), flags=[0] * len(numbers)
        )
        trigger_cache.keep(trigger_cache.path_for(group, module.__version__), module.dumpb(database))
        databases[group] = database
    return databases


def start(module: Any) -> bool:
    """Start a process that compiles the triggers; whether one is running then.

    Parameters
    ----------
    module
        The hyperscan module.
    """
    path = trigger_cache.path_for(Group.MAIN, module.__version__)
    if path is None or os.name != "posix" or "python" not in Path(sys.executable or "").name:
        return False
    import fcntl
    import subprocess

    try:
        lock = os.open(_xdg.make(_xdg.Base.CACHE) / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return False
    try:
        # The process inherits the lock: however many programs start, only one compiles.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        homes = {str(Path(__file__).parents[3]), str(Path(module.__file__).parents[1])}
        words = [sys.executable, "-I", "-S", "-c", _CODE, *sorted(homes)]
        subprocess.run(  # noqa: S603 - the words are ours
            ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 &', "sh", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            check=False,
        )
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(lock)
