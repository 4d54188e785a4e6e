"""Puts the instrumentation in and takes it out. The program's handlers, levels and filters stay as they are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tachograph.instrument.patch import patch, unpatch
from tachograph.instrument.tracebacks import drop_frame
from tachograph.run.settings_loader import load_or_default
from tachograph_logging.records import keep

if TYPE_CHECKING:
    from tachograph.instrument.patch import Patch

_OTHERS = ("tachograph", "opentelemetry")
"""Loggers that report on the recording itself."""


def instrument() -> None:
    """Record what is logged from here on, from the level that the settings name; nothing if that is ``off``.

    What a logger's own level drops is not seen.
    """
    # Whoever brought recording up has reported settings that cannot be used.
    level = load_or_default().logging
    if level == "off":
        return
    lowest: int = getattr(logging, level.upper())

    def make(original: Any, entry: Patch) -> Any:
        def callHandlers(self: logging.Logger, record: logging.LogRecord) -> Any:  # noqa: N802 - the name of the original
            if entry.on and record.levelno >= lowest and not record.name.startswith(_OTHERS):
                keep(record)
            try:
                return original(self, record)
            except BaseException as error:
                drop_frame(error)
                raise

        return callHandlers

    patch(logging.Logger, "callHandlers", make)


def uninstrument() -> None:
    """Record no more of what is logged; the method of `logging` is put back."""
    unpatch(logging.Logger, "callHandlers")
