"""Sends runs over OTLP from their journals, in a process of its own."""

from tachograph_otlp.past_run import send_past_run
from tachograph_otlp.run_sender import RunSender

__all__ = ["RunSender", "send_past_run"]
