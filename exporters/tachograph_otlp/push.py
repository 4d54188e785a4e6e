"""Sends a run of the past."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tachograph.errors import BusyError
from tachograph.sending.process import LOCK_FILE
from tachograph.sending.signals import signals
from tachograph_otlp.run_sender import RunSender, into_environment

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tachograph.run.settings import Settings


def push(run_dir: Path, settings: Settings, *, again: bool) -> AbstractContextManager[RunSender] | None:
    """What sends a run that is over, or as much of it as there is.

    Parameters
    ----------
    run_dir
        The run's folder.
    settings
        The settings; the environment goes before what they say of OTLP.
    again
        Whether what was sent before is sent once more.

    Returns
    -------
    context manager or None
        Holds the run's lock; None where no receiver is named.

    Raises
    ------
    BusyError
        When the context is entered while another process sends the run.
    """
    into_environment(settings)
    wanted = signals(os.environ, settings)
    return _sending(run_dir, settings, wanted, again=again) if wanted else None


@contextmanager
def _sending(run_dir: Path, settings: Settings, wanted: tuple[str, ...], *, again: bool) -> Generator[RunSender]:
    try:
        lock = os.open(run_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        # A folder that cannot be written: it is sent all the same, and not noted.
        yield _shipper(run_dir, settings, wanted, again=again)
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(run_dir.name) from error
        yield _shipper(run_dir, settings, wanted, again=again)
    finally:
        os.close(lock)


def _shipper(run_dir: Path, settings: Settings, wanted: tuple[str, ...], *, again: bool) -> RunSender:
    made = RunSender(run_dir, settings, wanted, again=again)
    made.flush()
    return made
