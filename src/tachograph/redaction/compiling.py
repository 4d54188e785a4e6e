"""Compiles the triggers, and has a process of its own do it: it takes a second or two of a processor.

That process is nobody's child and outlives the program that needed it, so that even an installation whose programs all
are short has it done once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tachograph import user_folders
from tachograph.redaction import cache
from tachograph.redaction.rules.rule import Group
from tachograph.redaction.triggers import triggers

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE = """
import sys
sys.path[:0] = sys.argv[1:]
from tachograph.redaction.compiling import compiled_and_kept
compiled_and_kept()
"""
_LOCK_FILE = "compiling.lock"


def compiled_and_kept() -> Mapping[Group, Any]:
    """The compiled triggers of each group; they are kept for the next process."""
    import hyperscan

    module: Any = hyperscan
    found: dict[Group, Any] = {}
    for group in Group:
        numbers, expressions = zip(*triggers(group), strict=True)
        database = module.Database(mode=module.HS_MODE_BLOCK)
        database.compile(
            expressions=list(expressions), ids=list(numbers), elements=len(numbers), flags=[0] * len(numbers)
        )
        cache.keep(path_of(group, module), module.dumpb(database))
        found[group] = database
    return found


def path_of(group: Group, module: Any) -> Path | None:
    """Where the compiled triggers of a group are kept; None without a home.

    Parameters
    ----------
    group
        The group.
    module
        The hyperscan module.
    """
    return cache.path_for(group.name.lower(), module.__version__)


def start(module: Any) -> bool:
    """Have a process compile the triggers; whether there is one that does.

    Parameters
    ----------
    module
        The hyperscan module.
    """
    # Every recorded process loads this module, few compile.
    from tachograph import detached

    path = path_of(Group.MAIN, module)
    if path is None or not detached.can_start():
        return False
    homes = {str(Path(__file__).parents[2]), str(Path(module.__file__).parents[1])}
    try:
        lock_file = user_folders.make(user_folders.Base.CACHE) / _LOCK_FILE
        detached.start(lambda _: ["-I", "-S", "-c", _CODE, *sorted(homes)], lock_file)
    except OSError:
        return False
    return True
