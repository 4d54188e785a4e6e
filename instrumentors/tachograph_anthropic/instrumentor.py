"""Puts the instrumentation in and takes it out; imports nothing that a program without the client would pay for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.instrument.stainless.library import Library

if TYPE_CHECKING:
    from tachograph.instrument.stainless.calls import CallPatches


def _patches() -> CallPatches:
    from tachograph.instrument.stainless.calls import CallPatches
    from tachograph_anthropic.endpoints import find
    from tachograph_anthropic.native import NATIVE
    from tachograph_anthropic.platform import describe

    return CallPatches("tachograph.anthropic", find, describe, NATIVE)


# The messages API left its beta in 0.16.
library = Library("anthropic", (0, 16), (3, 0), _patches)
instrument = library.instrument
uninstrument = library.uninstrument
