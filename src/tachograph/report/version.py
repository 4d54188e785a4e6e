"""The version of the report's format, apart from its model so that it costs nothing to look at."""

REPORT_VERSION = 1
"""Readers refuse a newer one."""
