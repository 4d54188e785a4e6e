"""What is known of a run before and beside its recording: settings, environment, facts. Imports no OpenTelemetry."""

from tachograph.run.settings import Settings, load

__all__ = ["Settings", "load"]
