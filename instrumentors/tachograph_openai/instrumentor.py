"""Puts the instrumentation in and takes it out; imports nothing that a program without the client would pay for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.instrument.stainless.library import Library

if TYPE_CHECKING:
    from tachograph.instrument.stainless.calls import CallPatches


def _patches() -> CallPatches:
    from tachograph.instrument.stainless.calls import CallPatches
    from tachograph_openai.endpoints import find
    from tachograph_openai.platform import describe

    return CallPatches("tachograph.openai", find, describe)


library = Library("openai", (1, 0), (4, 0), _patches)
instrument = library.instrument
uninstrument = library.uninstrument
