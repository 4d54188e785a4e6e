"""Sends the records of runs on over OTLP, from their journals, in a process of its own."""

from tachograph_otlp.past import BusyError, push
from tachograph_otlp.shipper import Shipper

__all__ = ["BusyError", "Shipper", "push"]
