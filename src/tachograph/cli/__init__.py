"""The `tacho` command, one module a command."""

from tachograph.cli.app import main

__all__ = ["main"]
