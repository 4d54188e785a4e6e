"""The terminal of the launcher, and the shell that started it."""

from __future__ import annotations

import os
from contextlib import suppress


def in_foreground() -> bool:
    """Whether the launcher's process group has the terminal."""
    for fd in (0, 1, 2):
        with suppress(OSError):
            return os.tcgetpgrp(fd) == os.getpgrp()
    return False


def under_job_control() -> bool:
    """Whether a shell that does job control has started the launcher."""
    parent = os.getppid()
    try:
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except OSError:
        return False
