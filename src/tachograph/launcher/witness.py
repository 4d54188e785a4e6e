"""A process that shows which signals were sent to the whole group, and not to the launcher alone.

A signal does not carry whom it was sent to. The witness is in the launcher's process group, session and control group,
has its environment, and names the command as the launcher does. Whoever signals the group, or each process, signals it
too. It blocks all signals, so what was sent to it stays pending, where /proc shows it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Reads until the launcher's end of the pipe is closed, however the launcher ends. A shell, because its words after the
# script are free; other tools open them as files, or choose by the first word which tool they are.
_SHELL = "/bin/sh"
_SCRIPT = "read -r end # shows which signals are sent to all of:"
_HIGH = 10


class Witness:
    """One process with all signals blocked.

    Parameters
    ----------
    command
        The command's words, for those who choose processes by them.

    Raises
    ------
    OSError
        When it cannot be started, or not be read.
    """

    def __init__(self, command: Sequence[str]) -> None:
        # The one of another process namespace would show other processes under our numbers.
        if sys.platform != "linux" or str(Path("/proc/self").readlink()) != str(os.getpid()):
            raise OSError("there is no /proc")
        theirs, self._pipe = _pipe()
        try:
            how: dict[str, Any] = {"file_actions": _descriptors(theirs), "setsigmask": signal.valid_signals()}
            self.pid = os.posix_spawn(_SHELL, ["sh", "-c", _SCRIPT, *command], os.environ, **how)
        except BaseException:
            os.close(self._pipe)
            raise
        finally:
            os.close(theirs)

    def pending(self) -> frozenset[int]:
        """The signals that were sent to it since its start.

        Raises
        ------
        OSError
            When they cannot be read.
        """
        status = Path(f"/proc/{self.pid}/status").read_bytes()
        masks = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith((b"ShdPnd:", b"SigPnd:"))]
        if not masks:
            raise OSError("/proc does not show pending signals")
        return frozenset(number for number in range(1, 65) for mask in masks if mask >> (number - 1) & 1)

    def ended(self) -> bool:
        """Whether it has ended by itself."""
        # It is not reaped here, so that its process id is not reused.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def close(self) -> None:
        """End and reap it."""
        os.close(self._pipe)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _pipe() -> tuple[int, int]:
    """A pipe to write to under a number that no standard stream has, which the caller may have closed."""
    reading, writing = os.pipe()
    try:
        return reading, fcntl.fcntl(writing, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    except OSError:
        os.close(reading)
        raise
    finally:
        os.close(writing)


def _descriptors(stdin: int) -> list[tuple[Any, ...]]:
    """Nothing of the caller's stays open: a pipe would not end before the witness does."""
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_DUP2, stdin, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 - numbers, as in any other use of them
        # The descriptor of the folder itself is in the list, and closed by now.
        with suppress(OSError):
            if descriptor > 2 and os.get_inheritable(descriptor):
                actions.append((os.POSIX_SPAWN_CLOSE, descriptor))
    return actions
