"""What is known of a run before it is recorded: settings, environment, facts. Imports no OpenTelemetry."""

from tachograph.run.settings import Settings
from tachograph.run.settings_loader import load, load_or_default

__all__ = ["Settings", "load", "load_or_default"]
