"""How a run can end is listed once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from tachograph.report import RunReport
from tachograph.run_status import RUN_STATUSES, RunStatus

ROOT = Path(__file__).parents[3]


def test_they_are_listed_in_one_file() -> None:
    listing = re.compile(r"(?:\"(?:" + "|".join(RUN_STATUSES) + r")\",?\s*){4,}")
    files = [
        path.relative_to(ROOT / "src").as_posix()
        for path in sorted((ROOT / "src").rglob("*.py"))
        if listing.search(path.read_text("utf-8"))
    ]
    assert files == ["tachograph/run_status.py"]


def test_the_report_and_the_pages_have_them_all() -> None:
    schema = RunReport.model_json_schema()
    assert schema["$defs"]["Outcome"]["properties"]["status"]["enum"] == list(RUN_STATUSES) == list(get_args(RunStatus))
    journal = (ROOT / "docs" / "journal.md").read_text("utf-8")
    # A run that goes on has no record of its end.
    assert [status for status in RUN_STATUSES if f"`{status}`" not in journal] == ["running"]
