"""What a recorded process uses: settings, the seam to the recorder, phases, events, run facts."""

from tachograph.runtime.recording import Message, Outcome, Part, Recorder, install, recorder
from tachograph.runtime.settings import Settings, SettingsError

__all__ = [
    "Message",
    "Outcome",
    "Part",
    "Recorder",
    "Settings",
    "SettingsError",
    "install",
    "recorder",
]
