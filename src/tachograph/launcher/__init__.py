"""`tacho run`: makes the folder and the environment of a run, runs the command, builds the report at the end."""

from tachograph.launcher.session import inside_a_run, launch

__all__ = ["inside_a_run", "launch"]
