"""What a recorded process uses: the seam to the recorder, phases, events."""

from tachograph.runtime.annotations import describe, event, outcome
from tachograph.runtime.phases import iteration, phase
from tachograph.runtime.recording import Message, Part, Recorder, install, recorder

__all__ = [
    "Message",
    "Part",
    "Recorder",
    "describe",
    "event",
    "install",
    "iteration",
    "outcome",
    "phase",
    "recorder",
]
