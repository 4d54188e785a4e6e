"""The facts about this process that the record of its start has."""

from __future__ import annotations

import sys
from typing import Any


def this_process() -> dict[str, Any]:
    """Version of Python, path of the interpreter and command line of this process."""
    return {"python": sys.version.split()[0], "executable": sys.executable, "command": list(sys.orig_argv)}
