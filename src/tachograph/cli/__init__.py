"""The `tacho` command, one module a command."""

from tachograph.cli.app import main
from tachograph.cli.errors import TachoError

__all__ = ["TachoError", "main"]
