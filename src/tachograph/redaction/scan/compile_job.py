"""Compiles the triggers, in a separate process, because it takes a second or two of a processor.

The process is detached and outlives the program that needed it. So the triggers are compiled once even if all programs
of an installation are short.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph import user_folders
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
    # Every recorded process loads this module, few compile.
    from tachograph import detached

    path = trigger_cache.path_for(Group.MAIN, module.__version__)
    if path is None or not detached.can_start():
        return False
    homes = {str(Path(__file__).parents[3]), str(Path(module.__file__).parents[1])}
    try:
        lock_file = user_folders.make(user_folders.Base.CACHE) / _LOCK_FILE
        detached.start(lambda _: ["-I", "-S", "-c", _CODE, *sorted(homes)], lock_file)
    except OSError:
        return False
    return True
