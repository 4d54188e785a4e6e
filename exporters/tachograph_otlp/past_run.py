"""Sends a run that has ended."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tachograph.errors import BusyError
from tachograph.sending.sender_process import LOCK_FILE
from tachograph.sending.signals import signals as signals_of
from tachograph_otlp.run_sender import RunSender, into_environment

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tachograph.run.settings import Settings


def send_past_run(run_dir: Path, settings: Settings, *, resend: bool) -> AbstractContextManager[RunSender] | None:
    """The sender of a run that has ended, or of as much of a running one as there is.

    Parameters
    ----------
    run_dir
        The run's folder.
    settings
        The settings; the environment takes precedence over what they have for OTLP.
    resend
        Whether everything is sent, including what was already sent.

    Returns
    -------
    context manager or None
        Holds the run's lock while the sender is used; None if no receiver is set.

    Raises
    ------
    BusyError
        If another process is sending the run when the context is entered.
    """
    into_environment(settings)
    signals = signals_of(os.environ, settings)
    return _locked_sender(run_dir, settings, signals, resend=resend) if signals else None


@contextmanager
def _locked_sender(
    run_dir: Path, settings: Settings, signals: tuple[str, ...], *, resend: bool
) -> Generator[RunSender]:
    try:
        lock = os.open(run_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        # The folder cannot be written: the run is sent all the same, but its progress is not kept.
        yield _sender(run_dir, settings, signals, resend=resend)
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(run_dir.name) from error
        yield _sender(run_dir, settings, signals, resend=resend)
    finally:
        os.close(lock)


def _sender(run_dir: Path, settings: Settings, signals: tuple[str, ...], *, resend: bool) -> RunSender:
    sender = RunSender(run_dir, settings, signals, resend=resend)
    sender.flush()
    return sender
