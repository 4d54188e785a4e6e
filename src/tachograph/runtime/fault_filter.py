"""What Tachograph logs about its own faults."""

from __future__ import annotations

import logging
from pathlib import Path


class FaultFilter(logging.Filter):
    """Logs a fault as one line: its type and its place in our code, without its message and its traceback.

    A fault may happen while the program handles an error. The traceback would show that error too, with whatever the
    program has put into it, and nothing has redacted that.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """See `logging.Filter`; all records pass."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, traceback = record.exc_info
            while traceback is not None and traceback.tb_next is not None:
                traceback = traceback.tb_next
            place = ""
            if traceback is not None:
                code = traceback.tb_frame.f_code
                place = f" at {Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_qualname}"
            record.msg = f"{record.getMessage()}: {kind.__name__}{place}"
            record.args = None
            record.exc_info = record.exc_text = None
        return True


_FILTER = FaultFilter()


def quieten() -> None:
    """Log faults of Tachograph as one line each."""
    # A filter that is there already is not added again.
    logging.getLogger("tachograph").addFilter(_FILTER)
