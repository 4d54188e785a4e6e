"""Starts what sends a run's records on over OTLP: a process of its own that reads the journals.

The recorded program does nothing for it. It imports no exporter, keeps no queue and waits for no network, and what it
wrote before it was killed is sent all the same.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tachograph.sending.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK_FILE = "otlp.lock"
"""Locked for as long as a process ships the run."""

_SHIPPER = "tachograph_otlp"
"""The plug-in that ships; by name, for the core imports no plug-in."""
_LOOK_S = 0.02


def start_sending(run_dir: Path, environ: Mapping[str, str]) -> None:
    """Start a process that sends a run, unless another one is sending it.

    That process is nobody's child; a program that waits for its children never meets it.

    Parameters
    ----------
    run_dir
        The run's folder.
    environ
        The environment of the process that ships; it must not be one that is recorded.

    Raises
    ------
    OSError
        When it cannot be started.
    """
    # A program with an interpreter inside of it cannot be started as one.
    if "python" not in Path(sys.executable or "").name:
        return
    import fcntl
    import subprocess

    lock = os.open(run_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # The sender inherits the lock: it is held from here to the end of its life, however that comes.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        words = [sys.executable, "-P", "-m", _SHIPPER, str(run_dir), str(lock)]
        subprocess.run(  # noqa: S603 - the words are ours
            ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 &', "sh", *words],
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


def wait_until_sent(run_dir: Path, grace_s: float, journal: str | None = None) -> None:
    """Wait until what was recorded is sent, sending it has failed, or the time is up.

    Parameters
    ----------
    run_dir
        The run's folder.
    grace_s
        The longest time to wait, in s.
    journal
        Name of the journal that is waited for; None means all of the run's.
    """
    until = time.monotonic() + grace_s
    while not _is_done(run_dir, journal) and time.monotonic() < until:
        time.sleep(_LOOK_S)


def _is_done(run_dir: Path, journal: str | None) -> bool:
    if not is_sending(run_dir):
        return True
    sizes = {path.name: path.stat().st_size for path in run_dir.glob("journal-*") if journal in (None, path.name)}
    progress = Progress.read(run_dir)
    return bool(progress.signals) and all(
        signal.failure is not None or all(done.get(name, 0) >= size for name, size in sizes.items())
        for kind, signal in progress.signals.items()
        for done in ((signal.files, signal.calls) if kind == "metrics" else (signal.files,))
    )


def is_sending(run_dir: Path) -> bool:
    """Whether a process ships the run at this moment.

    Parameters
    ----------
    run_dir
        The run's folder.
    """
    import fcntl

    try:
        lock = os.open(run_dir / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False
