"""A journal can hold anything: whatever takes the place of a member, the run has a report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tachograph.report import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.report.conftest import Journal

STRANGE: tuple[object, ...] = (None, True, 5, -1, 1 << 80, 1.5, "", "x", [], [5], {}, {"a": 5})


def write_every_type(journal: Journal) -> None:
    journal.line("run", 0, {"state": "facts"}, {"facts": {"task": "t", "command": ["a"]}})
    journal.line("run", 0, {"state": "outcome"}, {"outcome": "failed", "reason": "r"})
    journal.line("scope", 0, {}, {"name": "app", "version": "1"})
    journal.phase("1", 0, 9, "build")
    answered: dict[str, Any] = {"gen_ai.response.id": "r", "tachograph.http.attempts": 2, "server.port": 1}
    journal.call("2", 1, 2, "1", **answered)
    journal.end("3", 3, 4, "work", "1", status="error", redacted={"jwt": 1}, description="it failed")
    journal.start("4", 5, "open", "1", **{"gen_ai.operation.name": "chat"})
    journal.line("event", 6, {"time_ns": 6}, {"name": "noted", "fields": {"type": "E", "message": "m", "stack": []}})
    journal.line("event", 7, {"time_ns": 7, "severity": 17}, {"name": "error", "fields": {"body": "b"}})
    journal.line("metric", 7, {"kind": "sum", "points": [{"value": 4}]}, {"name": "m"})
    journal.line("content", 7, {"id": "a1", "prev": None, "part_ids": ["a1"]}, {"role": "user", "parts": [{"a": 1}]})
    journal.child_end(77, 8, exit_code=1)
    journal.process_end(9, {"outcome": "failed", "reason": "r"}, records=1)
    journal.run_end(9)


def changed(record: Any) -> Iterator[Any]:
    """A record with each member of it and of its tables replaced in turn."""
    for name, value in record.items():
        # A newer version is refused.
        if name == "schema_version":
            continue
        for strange in STRANGE:
            yield {**record, name: strange}
        if isinstance(value, dict):
            for inner in changed(value):
                yield {**record, name: inner}


def test_whatever_takes_the_place_of_a_member_there_is_a_report(alone: Journal, run_dir: Path) -> None:
    write_every_type(alone)
    lines = alone.path.read_bytes().splitlines(keepends=True)
    failures: list[str] = []
    tried = 0
    for number, line in enumerate(lines):
        for record in changed(json.loads(line)):
            mutated = json.dumps(record, separators=(",", ":")).encode() + b"\n"
            alone.path.write_bytes(b"".join([*lines[:number], mutated, *lines[number + 1 :]]))
            tried += 1
            try:
                fold(run_dir, now_ns=10).model_dump_json()
            except Exception as error:
                failures.append(f"{type(error).__name__}: {error}: {mutated.decode()[:300]}")
    assert failures == []
    assert tried > 2_000
