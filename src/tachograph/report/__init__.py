"""Makes reports from journals, and finds, lists and keeps the runs of a project."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tachograph.report.fold_run import fold
    from tachograph.report.folder_runs import FolderRuns
    from tachograph.report.model import RunReport, json_schema
    from tachograph.report.run_row import RunRow
    from tachograph.report.runs import Runs, Wanted
    from tachograph.report.version import REPORT_VERSION

__all__ = [
    "REPORT_VERSION",
    "FolderRuns",
    "RunReport",
    "RunRow",
    "Runs",
    "Wanted",
    "fold",
    "json_schema",
]

# Listing runs must not wait for pydantic, which only a report needs: each name imports only its own module.
_HOMES = {
    "REPORT_VERSION": "version",
    "RunReport": "model",
    "RunRow": "run_row",
    "FolderRuns": "folder_runs",
    "Runs": "runs",
    "Wanted": "runs",
    "fold": "fold_run",
    "json_schema": "model",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tachograph.report' has no attribute {name!r}")
    return getattr(importlib.import_module(f"tachograph.report.{home}"), name)
