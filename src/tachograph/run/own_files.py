"""Which source files belong to the program, and which to Python or to an installed package.

Decided by the path alone: a report may be made on another machine than the recording.
"""

from __future__ import annotations

import re

# Not compiled here, as most programs raise no error: `re` keeps what it has compiled.
_INSTALLED = r"[/\\](?:site|dist)-packages[/\\]"
_STANDARD_LIBRARY = r"[/\\]lib(?:64)?[/\\]python3(?:\.\d+t?)?[/\\]|[/\\]python3\d*\.zip[/\\]|^<frozen "


def is_installed(file: str) -> bool:
    """Whether a source file belongs to an installed package.

    Parameters
    ----------
    file
        Its path, as in the `co_filename` of code.
    """
    return re.search(_INSTALLED, file) is not None


def is_library(file: str) -> bool:
    """Whether a source file belongs to an installed package or to the standard library, rather than to the program.

    Parameters
    ----------
    file
        Its path, as in the `co_filename` of code.
    """
    return is_installed(file) or re.search(_STANDARD_LIBRARY, file) is not None
