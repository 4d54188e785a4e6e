"""Sends a run while it is recorded: `python -m tachograph_otlp RUN_DIR LOCK`.

:func:`tachograph.sending.sender_process.start_sending` starts it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from tachograph.run.settings_loader import load_or_default
from tachograph.sending.signals import signals
from tachograph_otlp.run_sender import RunSender, into_environment


def main() -> None:
    """Send until the run has ended. The second argument is the descriptor of the lock, held while it is open."""
    # Neither the terminal of the program nor a signal to its group is meant for this process.
    with suppress(OSError):
        os.setsid()
    settings = load_or_default()
    into_environment(settings)
    sender = RunSender(Path(sys.argv[1]), settings, signals(os.environ, settings))
    if not sender.follow(settings.otlp_grace_s):
        # An exporter that hangs in the other thread must not keep the process alive.
        os._exit(0)


if __name__ == "__main__":
    main()
