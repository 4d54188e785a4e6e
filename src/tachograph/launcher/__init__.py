"""`tacho run`: the run's folder and environment, the command as a child, the report at the end."""

from tachograph.launcher.child import StartError
from tachograph.launcher.session import RunDirError, inside_a_run, launch

__all__ = ["RunDirError", "StartError", "inside_a_run", "launch"]
