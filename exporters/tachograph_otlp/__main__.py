"""Ships a run: `python -m tachograph_otlp RUN_DIR LOCK`, started by :func:`tachograph.journal.shipping.ship`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from tachograph.runtime.otlp import signals
from tachograph.runtime.settings import Settings, SettingsError, load
from tachograph_otlp.shipper import Shipper, into_environment


def main() -> None:
    """Ship until the run has ended. The second word is the descriptor of the lock, which is held by being open."""
    # Neither the terminal of the program nor a signal to its group is meant for this process.
    with suppress(OSError):
        os.setsid()
    try:
        settings = load()
    except SettingsError:
        settings = Settings()
    into_environment(settings)
    shipper = Shipper(Path(sys.argv[1]), settings, signals(os.environ, settings))
    if not shipper.follow(settings.otlp_grace_s):
        # An exporter that hangs in the other thread must not keep the process.
        os._exit(0)


if __name__ == "__main__":
    main()
