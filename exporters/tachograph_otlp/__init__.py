"""Sends the records of runs on over OTLP, from their journals, in a process of its own."""

from tachograph_otlp.push import BusyError, push
from tachograph_otlp.run_sender import RunSender

__all__ = ["BusyError", "RunSender", "push"]
