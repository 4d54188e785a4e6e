"""How the tests of one process ended."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

NOT_RUN = "not run"


class Outcomes(NamedTuple):
    """Outcomes by test; beside the tests, one of the process and one of the environment they leave."""

    tests: dict[str, str]
    """The id of a test to its outcome."""
    complete: bool
    """Whether all tests were run."""
    taken_s: float

    @classmethod
    def read(cls, results: Path, module: str, ended: str, taken_s: float) -> Outcomes:
        """Read what the driver has written.

        Parameters
        ----------
        results
            Its file.
        module
            The module it was asked for.
        ended
            How its process ended.
        taken_s
            How long that took.
        """
        tests: dict[str, str] = {}
        running, complete = "", False
        for line in _lines(results):
            if "test" in line:
                # The setting up of a class can fail once more when it is taken down.
                tests[line["test"]] = _worse(tests.get(line["test"]), line["outcome"])
                running = ""
            running = line.get("started", running)
            complete = complete or "ended" in line
        if running:
            tests[running] = "not ended"
        tests[f"{module} (process)"] = ended if complete else f"{ended}, before the tests had ended"
        return cls(tests, complete, taken_s)

    def counts(self) -> str:
        """How many tests ended in which way, as text."""
        counted = Counter(outcome for test, outcome in self.tests.items() if not test.endswith(")"))
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items())) or "no tests"


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
    except FileNotFoundError:
        return []


def _worse(before: str | None, outcome: str) -> str:
    return before if before in {"failed", "error"} else outcome
