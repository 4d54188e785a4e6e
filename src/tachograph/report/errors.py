"""What can go wrong when runs are looked for and read; each message says what to do."""

from __future__ import annotations


class ReportError(Exception):
    """A run or its report cannot be used."""


class RunNotFoundError(ReportError):
    """No run fits what was asked for."""


class AmbiguousRunError(ReportError):
    """Several runs fit."""


class ReportVersionError(ReportError):
    """The report was written by a newer version than this one can read."""
