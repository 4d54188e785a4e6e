"""Starts a Python process that is nobody's child and of which there is one at a time.

A program that waits for its children never meets it, and it outlives the program.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def can_start() -> bool:
    """Whether such processes can be started: a program with an interpreter inside of it cannot be started as one."""
    return os.name == "posix" and "python" in Path(sys.executable or "").name


def start(words: Callable[[int], Sequence[str]], lock_file: Path, environ: Mapping[str, str] | None = None) -> None:
    """Start a process, unless the one that was started last is still running.

    Parameters
    ----------
    words
        Returns what follows the interpreter in the command line, for the descriptor of the lock. The process inherits
        the lock and holds it to the end of its life, however that comes.
    lock_file
        The file that is locked while the process runs.
    environ
        Its environment; None means this process's.

    Raises
    ------
    OSError
        When it cannot be started.
    """
    import fcntl
    import subprocess

    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.run(  # noqa: S603 - the words are ours
            ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 &', "sh", sys.executable, *words(lock)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            check=False,
        )
    except BlockingIOError:
        pass
    finally:
        os.close(lock)
