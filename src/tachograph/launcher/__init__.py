"""`tacho run`: the run's folder and environment, the command as a child, the report at the end."""

from tachograph.launcher.session import inside_a_run, launch

__all__ = ["inside_a_run", "launch"]
