"""How a run can end, in one list: the statuses of the report, the journal's outcomes, the words of `--status`."""

from __future__ import annotations

from typing import Literal, get_args

RunStatus = Literal["completed", "failed", "blocked", "interrupted", "crashed", "running"]
RUN_STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)
