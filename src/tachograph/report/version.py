"""The version of the report's format, in a module of its own so that reading it does not import the model."""

REPORT_VERSION = 1
"""The version of ``report.json``; readers refuse a newer one."""
