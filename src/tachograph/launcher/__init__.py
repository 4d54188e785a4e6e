"""`tacho run`: the run's folder and environment, the command as a child, the report at the end."""

from tachograph.launcher.child import StartError
from tachograph.launcher.session import RunDirError, launch

__all__ = ["RunDirError", "StartError", "launch"]
