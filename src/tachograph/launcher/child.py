"""The command as a child process: started as by a shell, with its own signals and terminal.

The child stays in the launcher's process group, so that the terminal's signals, job control and window size reach it
without us. What somebody sends to the launcher alone is passed on.
"""

from __future__ import annotations

import errno
import os
import shlex
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from tachograph.errors import StartError
from tachograph.launcher.relay import Relay
from tachograph.launcher.terminal import in_foreground, under_job_control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""The exit codes of a command that could not be started:
https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2.8.2)"""

# The interpreter ignores these for itself, and what is ignored stays so across exec.
_IGNORED_BY_PYTHON = tuple(getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ") if hasattr(signal, name))


class Ended(NamedTuple):
    """How a child ended: by an exit code or by a signal."""

    exit_code: int | None
    signal: signal.Signals | int | None


def find(command: str, environ: Mapping[str, str]) -> str:
    """The file a command names.

    Raises
    ------
    StartError
        When there is none, or it may not be executed.
    """
    if os.sep in command:
        candidates = [command]
    else:
        folders = environ.get("PATH", os.defpath).split(os.pathsep)
        candidates = [os.path.join(folder or os.curdir, command) for folder in folders]  # noqa: PTH118 - "./x" stays so
    denied = None
    for path in candidates:
        if os.path.isdir(path):  # noqa: PTH112 - as above
            denied = denied or (path if os.sep in command else None)
        elif os.access(path, os.X_OK):
            return path
        elif os.path.exists(path):  # noqa: PTH110 - as above
            denied = denied or path
    if denied is not None:
        if os.path.isdir(denied):  # noqa: PTH112 - as above
            raise StartError(f"{denied} is a folder. Name a program", NOT_EXECUTABLE)
        raise StartError(f"{denied} is not executable. Make it so: chmod +x {shlex.quote(denied)}", NOT_EXECUTABLE)
    raise StartError(f'command not found: "{command}". Check its spelling, or give its path', NOT_FOUND)


def replace(command: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Become the command.

    Raises
    ------
    StartError
        When it cannot be started.
    """
    path = find(command[0], environ)
    for ignored in _IGNORED_BY_PYTHON:
        signal.signal(ignored, signal.SIG_DFL)
    try:
        try:
            os.execve(path, list(command), dict(environ))  # noqa: S606 - running commands is the purpose
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            os.execve("/bin/sh", ["sh", path, *command[1:]], dict(environ))  # noqa: S606
    except OSError as error:
        raise _not_started(path, error) from error


class Child:
    """The running command.

    Parameters
    ----------
    command
        The command and its arguments.
    environ
        Its environment.

    Raises
    ------
    StartError
        When it cannot be started.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        path = find(command[0], environ)
        self._relay = Relay(command)
        try:
            self.pid = self._spawn(path, command, dict(environ))
        except OSError as error:
            self._relay.close()
            raise _not_started(path, error) from error
        self._relay.begin(self.pid)

    def _spawn(self, path: str, command: Sequence[str], environ: dict[str, str]) -> int:
        # Not `subprocess`: descriptors the caller opened for the command stay open in it.
        how: dict[str, Any] = {"setsigmask": self._relay.mask, "setsigdef": _IGNORED_BY_PYTHON}
        try:
            return os.posix_spawn(path, list(command), environ, **how)
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            # A script without a first line that names its interpreter: execvp(3) and every shell do this.
            return os.posix_spawn("/bin/sh", ["sh", path, *command[1:]], environ, **how)

    def wait(self, meanwhile: Callable[[], None]) -> Ended:
        """Wait for the end, relay signals and follow into a stop.

        Parameters
        ----------
        meanwhile
            What else there is to do. Signals are relayed while it runs, as two would become one while they wait.
        """
        thread = threading.Thread(target=meanwhile, daemon=True)
        try:
            try:
                thread.start()
            except RuntimeError:
                # The limit on processes counts threads.
                meanwhile()
            while (ended := self._reap()) is None:
                self._relay.wait()
            if thread.ident is not None:
                thread.join()
            return ended
        finally:
            self._relay.close()

    def _reap(self) -> Ended | None:
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid == 0:
                return None
            if os.WIFSTOPPED(status):
                self._stop()
            elif os.WIFSIGNALED(status):
                number = os.WTERMSIG(status)
                with suppress(ValueError):
                    number = signal.Signals(number)
                return Ended(None, number)
            else:
                return Ended(os.WEXITSTATUS(status), None)

    def _stop(self) -> None:
        """Stop with a child that stopped itself, or the shell that waits for us would never show its prompt.

        Only there: without a shell that does job control nobody would wake us up again.
        """
        if not (in_foreground() and under_job_control()):
            return
        os.kill(os.getpid(), signal.SIGSTOP)
        # The shell continues the whole group; a child that does not run by now was left to us.
        pid, _ = os.waitpid(self.pid, os.WNOHANG | os.WCONTINUED)
        if pid == 0:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGCONT)


def die_by(number: int) -> None:
    """End this process by a signal, so that its parent sees what the command's parent would see.

    Returns if the signal does not end the process, as in the first process of a container.
    """
    import resource

    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        # One that the caller closed is None.
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    # The command has left its core already, ours would take its place.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)


def _not_started(path: str, error: OSError) -> StartError:
    if error.errno == errno.ENOENT:
        return StartError(
            f"{path} cannot be run: the interpreter that its first line names does not exist. Correct that line",
            NOT_EXECUTABLE,
        )
    return StartError(f"{path} cannot be run: {error.strerror}", NOT_EXECUTABLE)
