"""The reading model: an index of one run, from which whatever shows more than the report is read.

It is a file beside the journals that holds nothing they do not: each span, event, call and message of content with the
place of its record. It is extended while the run goes on, and built again if it is missing, older or damaged.
"""

from tachograph.report.index.rows import CallRow, EventRow, SpanRow
from tachograph.report.index.run_index import RunIndex, open_index

__all__ = ["CallRow", "EventRow", "RunIndex", "SpanRow", "open_index"]
