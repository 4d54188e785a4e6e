"""Sends the records of runs on over OTLP, from their journals, in a process of its own."""

from tachograph_otlp.push import push
from tachograph_otlp.run_sender import RunSender

__all__ = ["RunSender", "push"]
