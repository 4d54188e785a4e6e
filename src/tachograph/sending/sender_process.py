"""Starts the process that reads a run's journals and sends them over OTLP.

The recorded program does none of this work: it imports no exporter, keeps no queue and waits for no network. If it is
killed, what it wrote until then is still sent.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from tachograph import detached
from tachograph.sending.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCK_FILE = "otlp.lock"
"""This file is locked while a process sends the run."""

_SENDER = "tachograph_otlp"
"""The plug-in that sends; by name, because the core imports no plug-in."""
_LOOK_S = 0.02


def start_sending(run_dir: Path, environ: Mapping[str, str]) -> None:
    """Start a process that sends a run, unless another one is sending it.

    Parameters
    ----------
    run_dir
        The run's folder.
    environ
        The environment of the new process, which must not be recorded itself.

    Raises
    ------
    OSError
        If it cannot be started.
    """
    if detached.can_start():
        detached.start(lambda lock: ["-P", "-m", _SENDER, str(run_dir), str(lock)], run_dir / LOCK_FILE, environ)


def wait_until_sent(run_dir: Path, grace_s: float, journal: str | None = None) -> None:
    """Wait until everything that was recorded is sent, sending has failed, or the time is up.

    Parameters
    ----------
    run_dir
        The run's folder.
    grace_s
        The longest time to wait, in s.
    journal
        Name of the journal to wait for; None means all journals of the run.
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
        signal.failure is not None or all(positions.get(name, 0) >= size for name, size in sizes.items())
        for kind, signal in progress.signals.items()
        for positions in ((signal.files, signal.calls) if kind == "metrics" else (signal.files,))
    )


def is_sending(run_dir: Path) -> bool:
    """Whether a process is sending the run.

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
