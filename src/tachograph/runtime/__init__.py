"""What a recorded process uses: settings, the seam to the recorder, phases, events, run facts."""

from tachograph.runtime.notes import describe, event, outcome
from tachograph.runtime.phases import iteration, phase
from tachograph.runtime.recording import Message, Outcome, Part, Recorder, install, recorder
from tachograph.runtime.settings import Settings, SettingsError, load

__all__ = [
    "Message",
    "Outcome",
    "Part",
    "Recorder",
    "Settings",
    "SettingsError",
    "describe",
    "event",
    "install",
    "iteration",
    "load",
    "outcome",
    "phase",
    "recorder",
]
